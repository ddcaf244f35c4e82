// Brings the reader to what a save that was refused has to say.
document.querySelector("[data-focus]")?.focus();
