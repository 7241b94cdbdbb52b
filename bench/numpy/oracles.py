"""Writes what `libs/cost-model/src/simulation/oracles.spec.ts` holds the simulation against: quantiles of scipy, and what ten million
draws of `model.py` give for two projects with the default assumptions.

    npm run build && python bench/numpy/oracles.py > libs/cost-model/fixtures/simulation-oracles.json
"""

import argparse
import json
import math
import os

import numpy as np
import scipy
from scipy import stats

import check
import model

SHARES = [0.0001, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999]
RANGES = [[45, 70, 95], [45, 45, 95], [45, 95, 95], [85_700, 90_000, 156_000], [100, 100.0000001, 100.0000002], [0, 1, 9]]
MEANS = [1e-12, 0.01, 0.23625, 0.66, 2.5, 40, 300, 500, 501, 1000, 1e6]
PROJECTS = [
    {"hours": 2700, "seats": 3},
    {"hours": 2700, "seats": 3, "joins": [{"month": 0, "seats": 1}, {"month": 2, "seats": 1}, {"month": 4.5, "seats": 1}]},
]


def quantiles():
    return {
        "shares": SHARES,
        "pert": [
            {
                "range": each,
                "values": [each[0] + (each[2] - each[0]) * float(stats.beta.ppf(p, *model.pert_shape(*each))) for p in SHARES],
            }
            for each in RANGES
        ],
        "triangular": [
            {
                "range": each,
                "values": stats.triang.ppf(
                    SHARES, (each[1] - each[0]) / (each[2] - each[0]), each[0], each[2] - each[0]
                ).tolist(),
            }
            for each in RANGES
        ],
        "lognormal": {
            "parameters": [0.2155, 0.4113],
            "values": stats.lognorm.ppf(SHARES, 0.4113, scale=math.exp(0.2155)).tolist(),
        },
        "poisson": [{"mean": mean, "values": [int(stats.poisson.ppf(p, mean)) for p in SHARES]} for mean in MEANS],
    }


def simulated(project, assumptions, draws):
    """Means and percentiles with their standard errors, and P(A < B)."""
    truth = check.draw(project, assumptions, draws)
    models = {
        name: {figure: figures(values) for figure, values in zip(("cost", "delivery"), both)} for name, both in truth.items()
    }
    pairs = [{"models": pair["models"], "firstCheaper": pair["firstCheaper"]} for pair in model.summarise(truth)["pairs"]]
    return {"project": project, "models": models, "pairs": pairs}


def figures(values):
    found = {"mean": [float(values.mean()), float(values.std() / math.sqrt(len(values)))], "deviation": float(values.std())}
    for share in model.PERCENTILES:
        spread = math.sqrt(share * (1 - share) / len(values))
        value, low, high = np.quantile(values, [share, share - spread, share + spread])
        found[f"p{round(share * 100)}"] = [float(value), float(high - low) / 2]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=10_000_000)
    parser.add_argument("--product", default=os.path.join(check.HERE, "..", "cost-product.mjs"))
    options = parser.parse_args()
    defaults = check.Product(options.product).ask(what="defaults")
    made = {
        "madeBy": f"bench/numpy/oracles.py, numpy {np.__version__}, scipy {scipy.__version__}, {options.draws} draws",
        "quantiles": quantiles(),
        "simulations": [simulated(project, defaults, options.draws) for project in PROJECTS],
    }
    print(json.dumps(made, indent=1))


if __name__ == "__main__":
    main()
