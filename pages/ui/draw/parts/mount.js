// What a component does: one object of this class for each place where it stands, loaded at every run of the page.
function mount(Kind) {
  const made = new WeakMap();
  return (component) => {
    const root = component.parentElement;
    if (!made.has(root)) made.set(root, new Kind(root));
    made.get(root).load(component);
    return () => {
      made.get(root)?.close();
      made.delete(root);
    };
  };
}
