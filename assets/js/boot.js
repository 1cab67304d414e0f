// Runs before the page is drawn, so that what needs scripts and what stands in for it never swap places before the eyes.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
