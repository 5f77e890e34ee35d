// Copies the address of the page, which holds everything that is set on it.
export default function ({ parentElement }) {
  const [button, said] = ["button", "output"].map((name) => parentElement.querySelector(name));
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = "copied";
    } catch {
      said.textContent = "copy it from the address bar";
    }
    setTimeout(() => { said.textContent = ""; }, 2500);
  };
}
