#!/usr/bin/env python3
"""XGBoost on the shapes of TreeScoringBenchmark and TreeTrainingBenchmark.

How to run (Debian/Ubuntu: apt install python3-xgboost python3-numpy; any XGBoost from 1.7 on):

    python3 bench/peers/xgboost_predict.py [--groups 1000] [--train-trees 300] [--threads 2]

Prints one line of JSON:
    predict_us         median time of inplace_predict on 100 rows x 40 features, 500 trees of depth 6, one thread
    predict_min_us     the shortest of the same runs
    train_s            time to train 300 trees of depth 6 (tree_method=hist, eta 0.1) on groups x 150 rows, with the
                       construction of the DMatrix
    ndcg10             NDCG@10 of that model on fresh groups
The data are made like those of TreeWorld.cs: the numbers differ, the distributions do not.
"""
import argparse
import json
import statistics
import time

import numpy as np
import xgboost as xgb

SIZE = 150
FEATURES = 40


def make(groups: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    rows = groups * SIZE
    x = random.standard_normal((rows, FEATURES)).astype(np.float32)
    x[:, 20:24] = np.where(random.random((rows, 4)) < 0.3, np.nan, x[:, 20:24])
    x[:, 24:30] = np.floor(np.abs(x[:, 24:30]) * 3)
    x[:, 30] = np.repeat(random.standard_normal(groups), SIZE)
    known = np.where(np.isnan(x[:, 20]), -0.7, x[:, 20])
    utility = (0.9 * x[:, 0] + 0.6 * x[:, 1] * x[:, 30] + 0.5 * np.sin(2 * x[:, 2])
               + 0.4 * np.maximum(x[:, 3], x[:, 4]) + 0.3 * known + np.where(x[:, 31] > 0, 0.25 * x[:, 24], 0)
               + np.where(x[:, 5] * x[:, 6] > 0, 0.5, 0) + 0.3 * np.abs(x[:, 7]) + 0.2 * x[:, 8]
               + 0.2 * x[:, 9] * x[:, 10] + 0.8 * random.gumbel(size=rows)).reshape(groups, SIZE)
    tenth = np.sort(utility, axis=1)[:, -10][:, None]
    return x, (utility >= tenth).astype(np.float32).reshape(-1)


def ndcg10(scores: np.ndarray, labels: np.ndarray) -> float:
    scores = scores.reshape(-1, SIZE)
    labels = labels.reshape(-1, SIZE)
    best = np.argsort(-scores, axis=1, kind="stable")[:, :10]
    discount = 1 / np.log2(np.arange(10) + 2)
    gain = np.take_along_axis(labels, best, axis=1) @ discount
    return float((gain / discount.sum()).mean())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--groups", type=int, default=1000)
    parser.add_argument("--train-trees", type=int, default=300)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--objective", default="binary:logistic")
    arguments = parser.parse_args()
    parameters = {"objective": arguments.objective, "tree_method": "hist", "max_depth": 6, "max_bin": 255}

    x, y = make(100, 1)
    small = xgb.DMatrix(x, y)
    small.set_group([SIZE] * 100)
    model = xgb.train({**parameters, "eta": 0.03, "nthread": arguments.threads}, small, 500)
    model.set_param({"nthread": 1})
    request = np.ascontiguousarray(x[:100])
    times = []
    for run in range(2050):
        start = time.perf_counter()
        model.inplace_predict(request)
        if run >= 50:
            times.append(1e6 * (time.perf_counter() - start))

    x, y = make(arguments.groups, 1)
    start = time.perf_counter()
    large = xgb.DMatrix(x, y, nthread=arguments.threads)
    large.set_group([SIZE] * arguments.groups)
    trained = xgb.train({**parameters, "eta": 0.1, "nthread": arguments.threads}, large, arguments.train_trees)
    train = time.perf_counter() - start
    fresh_x, fresh_y = make(max(arguments.groups // 4, 1), 2)
    print(json.dumps({
        "library": "xgboost " + xgb.__version__,
        "predict_us": round(statistics.median(times), 1),
        "predict_min_us": round(min(times), 1),
        "train_s": round(train, 2),
        "rows": len(y),
        "trees": arguments.train_trees,
        "threads": arguments.threads,
        "ndcg10": round(ndcg10(trained.predict(xgb.DMatrix(fresh_x)), fresh_y), 5),
    }))


if __name__ == "__main__":
    main()
