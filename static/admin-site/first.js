// Who adds something begins by its first field: Django begins by the first button, and one of them
// stands above the fields too.
"use strict";

(() => {
  const form = document.querySelector("#content-main form[id$='_form']");
  const fields = form ? [...form.elements] : [];
  const first = fields.find(
    (field) =>
      field.matches("input, select, textarea") &&
      !field.disabled &&
      field.offsetParent &&
      !field.closest(".submit-row"),
  );
  if (first) {
    first.focus();
  }
})();
