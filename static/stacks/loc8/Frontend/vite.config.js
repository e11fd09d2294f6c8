import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  server: {
    host: "0.0.0.0",
    port: 3000,
    strictPort: true,
    // The name under which Nginx calls; localhost and addresses are always allowed.
    allowedHosts: ["frontend"],
  },
});
