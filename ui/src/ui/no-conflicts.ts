// In every test, no element is given two classes that set the same thing.
import { extendTailwindMerge } from "tailwind-merge";
import { vi } from "vitest";

const merge = extendTailwindMerge({
  extend: {
    classGroups: {
      "font-size": [{ text: ["caption", "body", "form", "section", "title", "money"] }],
      rounded: [{ rounded: ["control", "card"] }],
      shadow: [{ shadow: ["overlay"] }],
    },
  },
});

vi.mock("./cn", async (original) => {
  const { cn } = await original<typeof import("./cn")>();
  return {
    cn: (...classes: Parameters<typeof cn>) => {
      const all = new Set(cn(...classes).split(" "));
      const left = new Set(merge([...all].join(" ")).split(" "));
      const outdone = [...all].filter((name) => !left.has(name));
      if (outdone.length > 0) {
        throw new Error(`Set twice: of ${[...all].join(" ")}, others outdo ${outdone.join(" ")}`);
      }
      return cn(...classes);
    },
  };
});
