// How what an older edition kept becomes what this one reads: MIGRATIONS[n] takes all that was kept in the form n, an object
// of its keys, and returns it in the form n + 1. Nothing is lost on the way. What stands here is never changed again.

const SCHEMA = 2;

function migrate(kept, schema) {
  let now = kept;
  for (let form = schema; form < SCHEMA; form++) now = MIGRATIONS[form](now);
  return now;
}

const MIGRATIONS = {
  // The first edition kept the last guess of each widget, a pick by its place, and of each function its code alone.
  1: (kept) => {
    const now = {};
    for (const [key, value] of Object.entries(kept)) {
      if (key === "predictions") now.diary = Object.entries(value ?? {}).flatMap(asEntry);
      else if (typeof value === "string") {
        const place = key.replace(/^exercise[.](.*)[.]/, "$1/").replace(/^code[.]/, "code/");
        now[`draft/${place}`] = { text: value, starter: null, time: null, by: "", earlier: [] };
      }
    }
    return now;
  },
};

function asEntry([widget, kept]) {
  if (typeof kept?.guess !== "number") return [];
  const { guess, confidence, right, answer, at } = kept;
  const { question = "", options = null } = FIRST_QUESTIONS[widget] ?? {};
  const words = (place) => options?.[place] ?? place;
  return [{ kind: "prediction", time: at, widget, question, options, choice: words(guess), answer: words(answer), confidence, right }];
}

// The first edition did not know of other books on its host, so each book that opens here takes what it finds.
function keptByFirstEdition() {
  const entries = firstEditionKeys().map((key) => {
    try {
      return [[key.slice("kdlab.".length), JSON.parse(localStorage.getItem(key))]];
    } catch {
      return []; // not written by any edition
    }
  });
  return Object.fromEntries(entries.flat());
}

function firstEditionKeys() {
  return localStorage.keys().filter((key) => /^kdlab\.(predictions$|code\.|exercise\.)/.test(key));
}

const FIRST_QUESTIONS = {
  "temperature.logits": {
    question: "Raise T from 1 to 8. What does the probability of the lynx, the runner-up, do?",
    options: ["It rises all the way.", "It falls all the way.", "It rises, then falls."],
  },
  "temperature.entropy": {
    question: "At which temperature does the confident teacher reach half of the largest entropy there is?",
  },
  "temperature.soft_targets": {
    question:
      "These teachers read the unclear 6 correctly on average. How much probability is left for the nine other classes together at T = 4?",
  },
  "temperature.sweep": {
    question: "Students learn 100 images from soft targets. What does T = 64 do, compared with T = 8?",
    options: ["It ruins the student: the targets are almost even.", "Almost nothing.", "It helps further."],
  },
  "pruning.weights": {
    question: "Adam, 90 % pruned. Of the weights that |w − w_init| keeps, how many does magnitude keep as well?",
    options: ["Fewer than half.", "Between half and nine tenths.", "More than nine tenths."],
  },
  "pruning.sparsity": {
    question:
      "A student trained with Adam from a random start loses 90 % of its weights, and is fine-tuned. Which score leaves it closest to its teacher?",
    options: ["magnitude |w|", "moved |w − w_init|", "published movement"],
  },
};

function eraseFirstEdition() {
  firstEditionKeys().forEach((key) => localStorage.removeItem(key));
}
