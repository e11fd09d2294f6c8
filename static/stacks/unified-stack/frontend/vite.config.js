import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  server: {
    host: "0.0.0.0",
    port: 5173,
    strictPort: true,
    // The name under which other containers call; localhost and addresses are always allowed.
    allowedHosts: ["frontend"],
    // Through the proxy the page's own port leads here, so no port is named.
    hmr: { path: "/ws" },
  },
});
