// Fetches the editor's bundle when it is first wanted, so that the first screen does not pay for it.
// The path is relative to the page: the app may be served from any folder.
export const load = () => import(new URL("editor.js", document.baseURI).href);
