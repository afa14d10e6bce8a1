/** Closes an open menu after a click elsewhere, or after the key Esc. */

const openMenus = (): NodeListOf<HTMLDetailsElement> =>
  document.querySelectorAll('details.user[open], .tabbar details[open]');

document.addEventListener('click', ({ target }) => {
  for (const menu of openMenus()) if (!(target instanceof Node && menu.contains(target))) menu.open = false;
});

document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector('summary')?.focus();
  }
});
