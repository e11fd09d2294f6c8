const show = (id, text) => { document.getElementById(id).textContent = text; };

async function get(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return response.json();
}

async function ask() {
  const error = document.getElementById("error");
  error.hidden = true;
  try {
    const [hello, version] = await Promise.all([get("/api/hello"), get("/api/version")]);
    show("greeting", hello.message);
    show("served-by", hello.served_by);
    show("version", `${version.version} (${version.environment})`);
  } catch (reason) {
    error.textContent = `The api does not answer: ${reason.message}.`;
    error.hidden = false;
  }
}

document.getElementById("again").addEventListener("click", ask);
ask();
