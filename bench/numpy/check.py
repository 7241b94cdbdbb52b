"""Holds the product's simulation against numpy and scipy, project by project: `python check.py [--draws 10000000] [--product PROGRAM]`.

Prints one line per project and figure group and ends with 1 when something differs by more than chance explains. Takes minutes and
some gigabytes; `npm run build` first. Not a part of any test: what it found worth keeping is in
`libs/cost-model/src/simulation/oracles.spec.ts`.
"""

import argparse
import json
import math
import os
import subprocess
import sys

import numpy as np
from scipy import stats

import model

HERE = os.path.dirname(os.path.abspath(__file__))
CHUNK = 1_000_000
PRODUCT_DRAWS = 1_000_000
SEEDS = 200
SEED_DRAWS = 2_000
# Of about 800 comparisons, one in 20 runs exceeds this by chance.
MOST_ERRORS = 4

PLAIN = {"hours": 2700, "seats": 3}
MIX = {"junior": 0.2, "mid": 0.5, "senior": 0.3}
CASES = {
    "default": (PLAIN, {}),
    "one seat": ({"hours": 400, "seats": 1}, {}),
    "thirty seats": ({"hours": 50_000, "seats": 30}, {}),
    "a day's work": ({"hours": 8, "seats": 1}, {}),
    "seniority mix": ({**PLAIN, "seniorityMix": MIX}, {}),
    "C4, C6 and C7 by the hour": (
        PLAIN,
        {"C4": {"enabled": True}, "C6": {"enabled": True}, "C7": {"enabled": True, "reading": "loaded_hourly_rate"}},
    ),
    "C4 divided, C7 of the total": (
        PLAIN,
        {
            "C4": {"enabled": True, "reading": "work_divided_by_one_plus_claim"},
            "C7": {"enabled": True, "reading": "total_cost"},
        },
    ),
    "C9 in Flask": ({**PLAIN, "framework": "flask", "builtInFeatures": 4}, {"C9": {"enabled": True}}),
    "modes at the ends": (
        PLAIN,
        {
            "C1": {"low": 45, "mode": 45, "high": 95},
            "C3": {"low": 85_700, "mode": 156_000, "high": 156_000},
            "C5": {"low": 0, "mode": 0, "high": 9},
            "in_house.rework": {"low": 0, "mode": 0, "high": 1},
        },
    ),
    "many leave": (PLAIN, {f"{name}.annual_exits": {"value": 12} for name in model.MODELS}),
    "one joins after the other": ({**PLAIN, "joins": [{"month": month, "seats": 1} for month in (0, 2, 4)]}, {}),
    "most join after the end": (
        {"hours": 900, "seats": 12, "joins": [{"month": 0, "seats": 2}, {"month": 2.5, "seats": 4}, {"month": 9, "seats": 6}]},
        {"C4": {"enabled": True}},
    ),
    "bench and severance": (
        {**PLAIN, "seniorityMix": MIX},
        {
            "in_house.bench_months": {"value": 2},
            "in_house.severance_months": {"value": 1.5},
            "hybrid.bench_months": {"value": 1},
            "hybrid.severance_months": {"value": 3},
        },
    ),
    "hours of a month": ({**PLAIN, "hoursPerMonth": 110}, {}),
}


class Product:
    """Asks the product's compiled code, one JSON line for another."""

    def __init__(self, program):
        self.process = subprocess.Popen(["node", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def by_whom(change):
    return {**change, "overriddenBy": "check.py", "overrideReason": "to be checked"} if change else {}


def draw(project, assumptions, draws):
    """`model.simulate` in chunks, since the draws of every input do not fit in memory at once."""
    chunks = [model.simulate(project, assumptions, CHUNK, seed) for seed in range(draws // CHUNK)]
    return {name: tuple(np.concatenate([chunk[name][figure] for chunk in chunks]) for figure in (0, 1)) for name in chunks[0]}


def compare(found, truth):
    """Yields `(what, difference in standard errors)` for all that the product reports of its draws."""
    for entry in found["models"]:
        for figure, values in zip(("cost", "delivery"), truth[entry["model"]]):
            own = entry[figure]
            name = f"{entry['model']} {figure}"
            error = values.std() * math.hypot(1 / math.sqrt(PRODUCT_DRAWS), 1 / math.sqrt(len(values)))
            yield f"{name} mean", (own["mean"] - values.mean()) / error
            for share in model.PERCENTILES:
                percentile = own[f"p{round(share * 100)}"]
                error = math.sqrt(share * (1 - share) * (1 / PRODUCT_DRAWS + 1 / len(values)))
                yield f"{name} p{round(share * 100)}", (np.mean(values < percentile["value"]) - share) / error
            yield f"{name} histogram", histogram_error(own["histogram"], values)
    for pair in found["pairs"]:
        (a, _), (b, _) = (truth[name] for name in pair["models"])
        share = float(np.mean(a < b) + np.mean(a == b) / 2)
        error = math.sqrt(max(share * (1 - share), 1e-12) * (1 / PRODUCT_DRAWS + 1 / len(a)))
        yield f"P({' < '.join(pair['models'])})", (pair["firstCheaper"] - share) / error


def histogram_error(histogram, values):
    """Chi-squared of two samples, told as a normal deviate; counts must sum to the draws."""
    own = np.array([histogram["below"], *histogram["counts"], histogram["above"]])
    assert own.sum() == PRODUCT_DRAWS, own.sum()
    edges = histogram["from"] + histogram["width"] * np.arange(model.BINS + 1)
    inside = np.histogram(values, edges)[0]
    other = np.array([np.count_nonzero(values < edges[0]), *inside, np.count_nonzero(values > edges[-1])])
    kept = (own + other) > 50
    _, chance, _, _ = stats.chi2_contingency(np.array([own[kept], other[kept]]), correction=False)
    return stats.norm.isf(max(chance, 1e-300))


class AtPoints(model.Inputs):
    """Every range at its point, exits at their expectation, some inputs moved."""

    def __init__(self, assumptions, mix, moved):
        super().__init__(assumptions, mix, self, 1)
        self.moved = moved

    def __getitem__(self, name):
        if name in self.moved:
            return self.moved[name]
        facts = self.by_id[name]
        if "value" in facts or (name in model.PRICES and self.mix):
            return super().__getitem__(name)
        return facts[facts["reading"]]

    def poisson(self, mean):
        return self.moved.get("exits", mean)


def tornado_errors(bars, project, assumptions, name):
    """Largest difference of a tornado's ends from the model with that input at its percentile, in units of what they are rounded to."""
    by_id = {facts["id"]: facts for facts in assumptions}
    worst = 0
    for bar in bars:
        for end, share in (("low", 0.1), ("high", 0.9)):
            value = bar[end]["value"]
            moved = {} if bar["inputId"] == "effort" else {bar["inputId"]: value}
            inputs = AtPoints(assumptions, project.get("seniorityMix"), moved)
            if bar["inputId"] not in ("effort", "exits"):
                facts = by_id[bar["inputId"]]
                worst = max(worst, abs(value / quantile(facts, share) - 1) / 1e-6)
            effort = value if bar["inputId"] == "effort" else 1
            hours = np.array([effort * model.adjusted_hours(project, inputs)])
            cost, delivery = point_of(name, project, inputs, hours)
            worst = max(worst, abs(bar[end]["total"] - cost) / 0.01, abs(bar[end]["deliveryMonths"] - delivery) / 0.0001)
    return worst


def point_of(name, project, inputs, hours):
    """Cost and delivery. With claim C7 on the total, a partner's cost is tied to the in-house one, and so are those who leave."""
    saving, reading = inputs.claim("C7")
    is_claimed = name == "staff_augmentation" and saving is not None and reading == "total_cost"
    cost = model.draw_model("in_house" if is_claimed else name, project, inputs, hours)[0]
    if is_claimed:
        inputs.moved.pop("exits", None)
    delivery = model.draw_model(name, project, inputs, hours)[1]
    return float(cost[0]) * (1 - saving if is_claimed else 1), float(delivery[0])


def quantile(facts, share):
    low, mode, high = facts["low"], facts["mode"], facts["high"]
    if facts["id"].split(".")[-1] in model.TRIANGULAR:
        return stats.triang.ppf(share, (mode - low) / (high - low), low, high - low)
    return low + (high - low) * stats.beta.ppf(share, *model.pert_shape(low, mode, high))


def coverage(product, project, assumptions, truth):
    """Share of seeds whose 95% interval holds the percentile that numpy's draws give, for each percentile."""
    levels = {}
    for seed in range(SEEDS):
        request = {"what": "simulate", "draws": SEED_DRAWS, "seed": seed}
        found = product.ask(input={"project": project, "assumptions": assumptions}, **request)["summary"]
        for entry in found["models"]:
            for figure, values in zip(("cost", "delivery"), truth[entry["model"]]):
                for share in model.PERCENTILES:
                    key = (entry["model"], figure, share)
                    if key not in levels:
                        levels[key] = [float(np.quantile(values, share)), 0]
                    interval = entry[figure][f"p{round(share * 100)}"]
                    levels[key][1] += interval["low"] <= levels[key][0] <= interval["high"]
    return {f"{name} {figure} p{round(share * 100)}": hits / SEEDS for (name, figure, share), (_, hits) in levels.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=10_000_000)
    parser.add_argument("--product", default=os.path.join(HERE, "..", "cost-product.mjs"))
    parser.add_argument("--case", choices=CASES, action="append")
    options = parser.parse_args()
    product = Product(options.product)
    defaults = product.ask(what="defaults")
    failed = False
    for title in options.case or CASES:
        project, changes = CASES[title]
        assumptions = [{**facts, **by_whom(changes.get(facts["id"], {}))} for facts in defaults]
        given = {"project": project, "assumptions": assumptions}
        truth = draw(project, assumptions, options.draws)
        found = product.ask(what="simulate", input=given, draws=PRODUCT_DRAWS, seed=4711)["summary"]
        differences = list(compare(found, truth))
        what, worst = max(differences, key=lambda each: abs(each[1]))
        tornados = product.ask(what="tornado", input=given)
        off = max(tornado_errors(each["bars"], project, assumptions, each["model"]) for each in tornados)
        bad = not abs(worst) <= MOST_ERRORS or not off <= 0.51
        failed |= bad
        summary = f"{len(differences)} figures, worst {worst:+.2f} standard errors ({what})"
        print(f"{title}: {summary}; tornado within {off:.2f} of its last digit{' FAILED' if bad else ''}", flush=True)
        if title == "default":
            covered = coverage(product, project, assumptions, truth)
            mean, least = np.mean(list(covered.values())), min(covered, key=covered.get)
            print(
                f"  95% intervals of {SEEDS} seeds x {SEED_DRAWS} draws: {mean:.3f} hold the percentile; least {least}, {covered[least]:.3f}"
            )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
