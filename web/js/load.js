// Fetches a bundle when it is first wanted, so that the first screen does not pay for it.
// The path is relative to the page: the app may be served from any folder.
export const load = (bundle) => import(new URL(bundle, document.baseURI).href);
