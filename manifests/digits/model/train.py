"""Trains the digit classifier with nothing but numpy: one hidden layer, Adam, one seed, a few seconds.

A shuffled fifth of the pictures is never trained on; the accuracy on it is printed, stored beside the
weights, and fails the build when it is below 0.95.
"""

import gzip
import json
import sys

import numpy as np

SEED = 2
HIDDEN = 128
EPOCHS = 300
BATCH = 64
LEARNING_RATE = 3e-3
WARP = 0.5
REQUIRED_ACCURACY = 0.95


def load(path):
    rows = np.loadtxt(gzip.open(path, "rt"), delimiter=",")
    return rows[:, :64] / 16.0, rows[:, 64].astype(int)


def restyle(pictures, digits, rng):
    """Habits that the 43 writers of the set hardly had: a flag and a foot on a thin 1, a hook at the start of the 7."""
    pictures = pictures.copy().reshape(-1, 8, 8)
    chosen = rng.random(len(pictures)) < 0.3
    foot, hook = np.flatnonzero(chosen & (digits == 1)), np.flatnonzero(chosen & (digits == 7))
    row, column = np.mgrid[0:8, 0:8].reshape(2, 1, 64).astype(float)
    thinner = 3.5 + (column - 3.5) * rng.uniform(1.2, 2.0, (len(foot), 1))
    pictures[foot] = sample(pictures[foot], np.repeat(row, len(foot), axis=0), thinner).reshape(-1, 8, 8)
    add_ink(pictures, foot, slice(0, 3), slice(2, 4), rng, 0.0, 0.9)
    add_ink(pictures, foot, slice(6, 8), slice(1, 7), rng, 0.2, 1.0)
    add_ink(pictures, hook, slice(0, 3), slice(1, 2), rng, 0.1, 0.8)
    add_ink(pictures, hook, slice(1, 2), slice(2, 4), rng, 0.3, 1.0)
    return pictures.reshape(-1, 64)


def add_ink(pictures, which, rows, columns, rng, least, most):
    area = np.ix_(which, range(8)[rows], range(8)[columns])
    pictures[area] = np.maximum(pictures[area], rng.uniform(least, most, pictures[area].shape))


def bend(pictures, rng):
    """Shifts, scales, turns, slants and warps each picture a little, as another hand or a mouse would."""
    count = len(pictures)
    turn, slant = rng.uniform(-0.2, 0.2, count), rng.uniform(-0.3, 0.3, count)
    wide, tall = rng.uniform(0.8, 1.2, count), rng.uniform(0.88, 1.12, count)
    down, right = rng.uniform(-0.7, 0.7, count), rng.uniform(-0.7, 0.7, count)
    row, column = np.mgrid[0:8, 0:8].reshape(2, 1, 64) - 3.5
    source_row = tall[:, None] * (row + turn[:, None] * column) + down[:, None] + 3.5
    source_column = wide[:, None] * (column + (slant - turn)[:, None] * row) + right[:, None] + 3.5
    return sample(pictures.reshape(count, 8, 8), source_row + ripple(count, rng), source_column + ripple(count, rng))


def ripple(count, rng):
    """A smooth random field over the picture: 4x4 random numbers, blended in between."""
    coarse = rng.normal(0, WARP, (count, 4, 4))
    at = np.linspace(0, 3, 8)
    low = np.minimum(at.astype(int), 2)
    part = at - low
    rows = coarse[:, low] * (1 - part)[:, None] + coarse[:, low + 1] * part[:, None]
    return (rows[:, :, low] * (1 - part) + rows[:, :, low + 1] * part).reshape(count, 64)


def sample(pictures, row, column):
    """Bilinear lookup; beyond the edge is paper."""
    padded = np.pad(pictures, ((0, 0), (1, 2), (1, 2)))
    row, column = np.clip(row + 1, 0, 8.999), np.clip(column + 1, 0, 8.999)
    top, left = row.astype(int), column.astype(int)
    below, beside = row - top, column - left
    which = np.arange(len(pictures))[:, None]
    return (
        padded[which, top, left] * (1 - below) * (1 - beside)
        + padded[which, top + 1, left] * below * (1 - beside)
        + padded[which, top, left + 1] * (1 - below) * beside
        + padded[which, top + 1, left + 1] * below * beside
    )


def forward(weights, pictures):
    hidden = np.maximum(0, pictures @ weights["hidden"] + weights["hiddenBias"])
    scores = hidden @ weights["output"] + weights["outputBias"]
    scores -= scores.max(axis=1, keepdims=True)
    odds = np.exp(scores)
    return hidden, odds / odds.sum(axis=1, keepdims=True)


def gradients(weights, pictures, digits):
    hidden, probabilities = forward(weights, pictures)
    error = probabilities
    error[np.arange(len(digits)), digits] -= 1
    error /= len(digits)
    back = (error @ weights["output"].T) * (hidden > 0)
    return {
        "hidden": pictures.T @ back,
        "hiddenBias": back.sum(axis=0),
        "output": hidden.T @ error,
        "outputBias": error.sum(axis=0),
    }


def train(pictures, digits, rng):
    weights = {
        "hidden": rng.normal(0, np.sqrt(2 / 64), (64, HIDDEN)),
        "hiddenBias": np.zeros(HIDDEN),
        "output": rng.normal(0, np.sqrt(2 / HIDDEN), (HIDDEN, 10)),
        "outputBias": np.zeros(10),
    }
    mean = {name: np.zeros_like(value) for name, value in weights.items()}
    square = {name: np.zeros_like(value) for name, value in weights.items()}
    step = 0
    for epoch in range(EPOCHS):
        rate = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * epoch / EPOCHS))
        bent = bend(restyle(pictures, digits, rng), rng)
        order = rng.permutation(len(pictures))
        for batch in np.array_split(order, len(order) // BATCH):
            step += 1
            for name, slope in gradients(weights, bent[batch], digits[batch]).items():
                mean[name] = 0.9 * mean[name] + 0.1 * slope
                square[name] = 0.999 * square[name] + 0.001 * slope**2
                correction = np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
                weights[name] -= rate * correction * mean[name] / (np.sqrt(square[name]) + 1e-8)
    return weights


def main(data, target):
    pictures, digits = load(data)
    rng = np.random.default_rng(SEED)
    order = rng.permutation(len(pictures))
    held_out, seen = order[: len(order) // 5], order[len(order) // 5 :]
    weights = train(pictures[seen], digits[seen], rng)
    guesses = forward(weights, pictures[held_out])[1].argmax(axis=1)
    accuracy = float((guesses == digits[held_out]).mean())
    print(f"accuracy {accuracy:.4f} on {len(held_out)} pictures that training never saw")
    if accuracy < REQUIRED_ACCURACY:
        sys.exit(f"accuracy {accuracy:.4f} is below {REQUIRED_ACCURACY}: not worth serving")
    model = {name: np.round(value, 5).tolist() for name, value in weights.items()}
    model |= {"accuracy": round(accuracy, 4), "heldOut": len(held_out), "seed": SEED}
    with open(target, "w", encoding="utf-8") as out:
        json.dump(model, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
