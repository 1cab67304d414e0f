// Adds Today and Yesterday buttons to a date in three boxes.
export function startQuickDays(root) {
  for (const boxes of root.querySelectorAll('[data-module="tl-quick-days"]')) {
    const inputs = boxes.querySelectorAll("input");
    if (inputs.length !== 3 || inputs[0].disabled) continue;
    const group = document.createElement("div");
    group.className = "tl-quick-days";
    for (const [label, back] of [
      ["Today", 0],
      ["Yesterday", 1],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "tl-chip-button";
      button.textContent = label;
      button.addEventListener("click", () => {
        const day = new Date();
        day.setDate(day.getDate() - back);
        [day.getDate(), day.getMonth() + 1, day.getFullYear()].forEach((part, index) => {
          inputs[index].value = part;
        });
        inputs[2].dispatchEvent(new Event("input", { bubbles: true }));
      });
      group.append(button);
    }
    boxes.append(group);
  }
}
