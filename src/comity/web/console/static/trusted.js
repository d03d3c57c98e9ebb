// Lets htmx read pages under Trusted Types: HTML of our own answers, and no code from text at all.
(() => {
  const policy = window.trustedTypes?.createPolicy("comity", { createHTML: (page) => page });
  const refuse = () => {
    throw new TypeError("this console runs no code from text");
  };
  window.htmx.registerExtension("comity", {
    init: (inside) => inside.initSecurity(policy && { createHTML: (page) => policy.createHTML(page), createScript: refuse }, refuse, refuse),
  });
})();
