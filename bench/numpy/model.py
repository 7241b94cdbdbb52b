"""The simulation of docs/COST-MODEL.md once more, written from that document with numpy's own generators, not from the product's code.

What `npm run bench -- cost` measures the product beside, and what `check.py` holds the product's figures against.
"""

import math

import numpy as np

MODELS = ("freelance", "in_house", "hybrid", "staff_augmentation")
TRIANGULAR = ("ramp_months", "rework", "management")
PRICES = ("C1", "C3", "partner_rate")
BINS = 40
PERCENTILES = (0.1, 0.5, 0.9)


class Inputs:
    """Assumptions by id: a number, or draws of it that every model shares (common random numbers).

    `assumptions` is a list of dicts as the API gives them.
    """

    def __init__(self, assumptions, mix, rng, draws):
        self.by_id = {each["id"]: each for each in assumptions}
        self.mix = mix
        self.rng = rng
        self.draws = draws
        self.drawn = {}

    def __getitem__(self, name):
        facts = self.by_id[name]
        if "value" in facts:
            return facts["value"]
        low, mode, high = facts["low"], facts["mode"], facts["high"]
        if name in PRICES and self.mix:
            return self.mix["junior"] * low + self.mix["mid"] * mode + self.mix["senior"] * high
        if low == high:
            return low
        if name not in self.drawn:
            if name.split(".")[-1] in TRIANGULAR:
                self.drawn[name] = self.rng.triangular(low, mode, high, self.draws)
            else:
                self.drawn[name] = low + (high - low) * self.rng.beta(*pert_shape(low, mode, high), self.draws)
        return self.drawn[name]

    def claim(self, name):
        """The value of a claim that somebody switched on, else None, and how it is read."""
        facts = self.by_id[name]
        return (facts["value"] if facts["enabled"] else None), facts["reading"]


def pert_shape(low, mode, high):
    """Alpha and beta of the Beta that is stretched over low..high."""
    return 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)


def simulate(project, assumptions, draws, seed):
    """Cost in USD and months until delivery, `{model: (cost, delivery)}`, arrays of `draws` numbers each."""
    rng = np.random.default_rng(seed)
    inputs = Inputs(assumptions, project.get("seniorityMix"), rng, draws)
    mean, deviation = inputs["effort.ln_mean"], inputs["effort.ln_deviation"]
    effort = rng.lognormal(mean, deviation, draws) if mean or deviation else np.ones(draws)
    hours = effort * adjusted_hours(project, inputs)
    results = {model: draw_model(model, project, inputs, hours) for model in MODELS}
    saving, reading = inputs.claim("C7")
    if saving is not None and reading == "total_cost":
        results["staff_augmentation"] = ((1 - saving) * results["in_house"][0], results["staff_augmentation"][1])
    return {model: results[model] for model in project.get("models", MODELS)}


def adjusted_hours(project, inputs):
    hours = project["hours"]
    if inputs.mix:
        hours /= sum(share * inputs[f"productivity.{name}"] for name, share in inputs.mix.items())
    saving, _ = inputs.claim("C9")
    if saving is not None and project.get("framework") == "flask":
        hours /= 1 - saving * project.get("builtInFeatures", 6) / 6
    return hours


class Team:
    """Capacity and supplied seats as step functions of the months since the first start.

    With an architect, who takes one seat of the first wave and is not supplied, `share` is what of that seat is delivery.
    """

    # Months beyond which nothing is asked: the last stage has no end.
    END = 1e7

    def __init__(self, joins, share):
        self.times = np.array([each["month"] for each in joins] + [self.END], dtype=float)
        self.seats = np.cumsum([each["seats"] for each in joins]) - (share is not None)
        self.capacity = self.seats + (share or 0)
        self.work_done = integral(self.times, self.capacity)
        self.seat_months = integral(self.times, self.seats)

    def months(self, seat_months):
        """Until the team has delivered so much."""
        if len(self.seats) == 1:
            return seat_months / self.capacity[0]
        return np.interp(seat_months, self.work_done, self.times)

    def supplied(self, months):
        """Seat-months that were paid for until then."""
        if len(self.seats) == 1:
            return self.seats[0] * months
        return np.interp(months, self.times, self.seat_months)


def integral(times, steps):
    return np.concatenate([[0], np.cumsum(np.diff(times) * steps)])


def draw_model(model, project, inputs, hours):
    def own(figure):
        return inputs[f"{model}.{figure}"]

    def hourly(salary):
        return salary * inputs["employer_load"] / inputs["worked_hours_per_year"]

    h = project.get("hoursPerMonth") or inputs["hours_per_month"]
    seats = project["seats"]
    architect, work_factor = None, 1
    start = inputs["C5"] if model == "in_house" else own("months_to_start")
    if model == "freelance":
        rate, recruiting = inputs["C1"] * (1 + own("platform_fee")), own("recruiting")
    elif model == "in_house":
        rate, recruiting = hourly(inputs["C3"]), inputs["C3"] * own("recruiting_share")
    else:
        rate, recruiting = inputs["partner_rate"], own("recruiting")
        if inputs.claim("C6")[0] is not None:
            start = inputs.claim("C6")[0]
    if model == "hybrid":
        seats = project["seats"] - 1
        architect = hourly(own("architect_salary"))
        faster, reading = inputs.claim("C4")
        if faster is not None:
            work_factor = 1 / (1 + faster) if reading == "work_divided_by_one_plus_claim" else 1 - faster
    if model == "staff_augmentation":
        saving, reading = inputs.claim("C7")
        if saving is not None and reading == "loaded_hourly_rate":
            rate = (1 - saving) * hourly(inputs["C3"])

    ramp_loss = own("ramp_months") * h * (1 - own("day_one_productivity")) / 2
    planned = hours * (1 + own("rework"))
    team = Team(project.get("joins") or [{"month": 0, "seats": project["seats"]}], own("architect_share") if architect else None)
    served = team.supplied(team.months(planned / h))
    exits = inputs.rng.poisson(own("annual_exits") * served / 12)
    work = work_factor * (planned + (seats + exits) * ramp_loss)
    months = team.months(work / h)
    labour = work * rate if architect is None else h * (team.supplied(months) * rate + months * architect)
    management = work * own("management") * inputs["manager_cost"]
    vacancy = inputs["vacancy_cost"] * np.maximum(0, start - inputs["tolerated_delay"])
    cost = labour + management + (seats + exits) * (recruiting + vacancy) + seats * own("equipment")
    if model in ("in_house", "hybrid"):
        employed, salary = (1, own("architect_salary")) if architect else (seats, inputs["C3"])
        cost = cost + employed * salary * (own("bench_months") * inputs["employer_load"] + own("severance_months")) / 12
    delivery = start + team.months(work / h + exits * start)
    return np.broadcast_to(cost, hours.shape), np.broadcast_to(delivery, hours.shape)


def summarise(results):
    """What the product reports of its draws: means, percentiles with their 95% intervals, histograms on shared bins, P(A cheaper)."""
    models = list(results)
    costs = describe([results[model][0] for model in models])
    deliveries = describe([results[model][1] for model in models])
    pairs = []
    for index, first in enumerate(models):
        for second in models[index + 1 :]:
            a, b = results[first][0], results[second][0]
            share = float(np.count_nonzero(a < b) + np.count_nonzero(a == b) / 2) / len(a)
            error = math.sqrt(share * (1 - share) / len(a))
            pairs.append({"models": [first, second], "firstCheaper": share, "standardError": error})
    return {"models": [{"model": m, "cost": c, "delivery": d} for m, c, d in zip(models, costs, deliveries)], "pairs": pairs}


def describe(figures):
    count = len(figures[0])
    shares = [0.01, 0.99]
    for share in PERCENTILES:
        spread = 1.959963984540054 * math.sqrt(share * (1 - share) / count)
        shares += [share, max(0, share - spread), min(1, share + spread)]
    found = [np.quantile(values, shares) for values in figures]
    low, high = min(each[0] for each in found), max(each[1] for each in found)
    described = []
    for values, each in zip(figures, found):
        counts, _ = np.histogram(values, BINS, (low, high))
        below = int(np.count_nonzero(values < low))
        histogram = {"from": float(low), "width": float(high - low) / BINS, "counts": counts.tolist(), "below": below}
        histogram["above"] = count - below - int(counts.sum())
        percentiles = {
            f"p{round(share * 100)}": dict(zip(("value", "low", "high"), each[2 + 3 * index : 5 + 3 * index].tolist()))
            for index, share in enumerate(PERCENTILES)
        }
        described.append({"mean": float(values.mean()), **percentiles, "histogram": histogram})
    return described
