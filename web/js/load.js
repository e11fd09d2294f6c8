// Fetches a bundle when it is first wanted, so that the first screen does not pay for it.
// The path is relative to the page: the app may be served from any folder.
// A browser drops what it is fetching when a network comes or goes, and keeps the failure under its address: each
// further attempt has an address of its own.
const PAUSES = [200, 400, 800];

export const load = async (bundle) => {
  const url = new URL(bundle, document.baseURI);
  for (const pause of PAUSES) {
    try {
      return await import(url.href);
    } catch (error) {
      // What could not be fetched is a TypeError; a bundle that fails has its own words for it.
      if (!(error instanceof TypeError)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    url.search = `after=${pause}`;
  }
  return import(url.href);
};
