#!/usr/bin/env python3
"""Python peer for a side-by-side load test: FastAPI + numpy + XGBoost two-stage recommender on MovieLens-100K.

Start (one worker, one thread for the arithmetic; trains at start in a few seconds):
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 /usr/bin/python3 bench/peers/service_peer.py DATA/ml-100k --port 8123
    (with --workers N, N processes each train their own copy)
Ready when GET http://127.0.0.1:8123/health answers 200.

Load it on loopback only, bounded in time, with wrk:
    cat > users.lua <<'L'
    math.randomseed(1)
    request = function() return wrk.format("GET", "/recommend?user_id=" .. math.random(943) .. "&top_k=5") end
    L
    wrk -t1 -c1  -d10s --latency -s users.lua http://127.0.0.1:8123      # latency of a lone caller
    wrk -t1 -c16 -d20s --latency -s users.lua http://127.0.0.1:8123      # throughput

Parts (the same kind and size as the C# service's): ALS 64 factors -> top 100 unseen -> 40 features -> XGBoost, 300 trees
of depth 6 (binary:logistic) -> JSON {"user_id","recommendations","status","metadata"}.
Honest notes: numpy does the features vectorised over the 100 candidates; XGBoost predicts through inplace_predict with
nthread=1, the fastest plain call of the Python package. No cache is used. Say in a report which BLAS numpy runs on.
"""
import argparse, os, re, sys, time
for v in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"): os.environ.setdefault(v, "1")
import numpy as np, xgboost as xgb, uvicorn
from fastapi import FastAPI, Query
from fastapi.responses import JSONResponse

NC, K = 100, 64


def als(X, f=K, reg=20.0, c=1.0, it=8, seed=0):
    rng = np.random.RandomState(seed); V = rng.randn(X.shape[1], f) * .1; XT = np.ascontiguousarray(X.T); eye = reg * np.eye(f)
    def solve(M, V):
        A0 = V.T @ V + eye; A = np.empty((M.shape[0], f, f)); b = np.zeros((M.shape[0], f, 1))
        for u in range(M.shape[0]):
            v = V[np.flatnonzero(M[u])]; A[u] = A0 + c * (v.T @ v); b[u, :, 0] = (1 + c) * v.sum(0)
        return np.linalg.solve(A, b)[:, :, 0]
    for _ in range(it): U = solve(X, V); V = solve(XT, U)
    return solve(X, V).astype(np.float32), V.astype(np.float32)


class Model:
    def __init__(self, folder):
        t = time.perf_counter()
        rows = np.loadtxt(os.path.join(folder, "ua.base"), dtype=np.int64)
        users = [l.rstrip("\n").split("|") for l in open(os.path.join(folder, "u.user"))]
        items = [l.rstrip("\n").split("|") for l in open(os.path.join(folder, "u.item"), encoding="latin-1")]
        self.nu, self.ni = len(users), len(items)
        self.title = [x[1] for x in items]
        self.genre = np.array([[int(v) for v in x[5:24]] for x in items], np.float32)
        y = [re.search(r"\((\d{4})\)", x[1]) for x in items]
        self.year = np.array([int(m.group(1)) if m else 1995 for m in y], np.float32)
        self.age = np.array([float(x[1]) for x in users], np.float32)
        self.male = np.array([x[2] == "M" for x in users], np.float32)
        occ = sorted({x[3] for x in users}); self.occ = np.array([occ.index(x[3]) for x in users])
        rng = np.random.RandomState(0); key = rng.rand(len(rows)); o = np.lexsort((key, rows[:, 0])); held = np.zeros(len(rows), bool)
        _, st, cnt = np.unique(rows[o, 0], return_index=True, return_counts=True)
        for s, n in zip(st, cnt): held[o[s:s + (10 if n >= 30 else n // 3)]] = True
        self.fit(rows[~held])
        Y = np.zeros((self.nu, self.ni), np.float32); Y[rows[held, 0] - 1, rows[held, 1] - 1] = 1
        F, L = [], []
        for u in range(self.nu): c, f = self.features(u); F.append(f); L.append(Y[u, c])
        d = xgb.DMatrix(np.concatenate(F), label=np.concatenate(L))
        self.nfeat = d.num_col()
        self.booster = xgb.train(dict(objective="binary:logistic", eta=.03, max_depth=6, subsample=.8, colsample_bytree=.5, min_child_weight=10,
                                      tree_method="hist", max_bin=64, nthread=int(os.environ.get("TRAIN_THREADS", "1"))), d, 300)
        self.booster.set_param({"nthread": 1})
        self.fit(rows)
        self.train_s = time.perf_counter() - t

    def fit(self, rows):
        X = np.zeros((self.nu, self.ni), np.float32); R = np.zeros_like(X); u, i = rows[:, 0] - 1, rows[:, 1] - 1
        X[u, i] = 1; R[u, i] = rows[:, 2]; self.X = X; n = X.sum(1); pop = X.sum(0)
        self.U, self.V = als(X); self.Vn = self.V / (np.linalg.norm(self.V, axis=1, keepdims=True) + 1e-9)
        self.hist = [np.flatnonzero(x) for x in X]
        self.n, self.pop, self.lp = n, pop, np.log1p(pop); self.um = R.sum(1) / n
        gm = R.sum() / X.sum(); self.im = (R.sum(0) + 5 * gm) / (pop + 5)
        C = np.where(X > 0, R - self.um[:, None], 0); self.cu = [C[a, h] for a, h in enumerate(self.hist)]
        self.G = self.genre / np.maximum(self.genre.sum(1, keepdims=True), 1)
        self.gp = (X @ self.genre) / n[:, None]; self.gr = (C @ self.genre) / (X @ self.genre + 3)
        self.uy = (X @ self.year) / n; self.ulp = (X @ self.lp) / n; self.usd = np.sqrt(np.maximum((R ** 2).sum(1) / n - self.um ** 2, 0))
        self.prof = (X @ self.Vn) / n[:, None]
        def lift(g):
            O = np.eye(g.max() + 1, dtype=np.float32)[g]; c = O.T @ X; e = (O.T @ n)[:, None] * (pop / pop.sum()); return np.log((c + 5) / (e + 5))
        self.ag = (np.digitize(self.age, [18, 25, 35, 45, 50, 56]) * 2 + self.male).astype(int); self.la, self.lo = lift(self.ag), lift(self.occ)

    def features(self, u):
        s = self.V @ self.U[u]; h = self.hist[u]; s[h] = -np.inf
        c = np.argpartition(s, -NC)[-NC:]; c = c[np.argsort(-s[c])]; a = s[c]
        Q = self.Vn[h] @ self.Vn[c].T; kk = min(5, len(h)); top = np.partition(Q, -kk, 0)[-kk:]
        F = np.empty((NC, 40), np.float32); one = F[:, :21]
        F[:, 0] = a; F[:, 1] = (a - a.mean()) / (a.std() + 1e-9); F[:, 2] = np.arange(NC); F[:, 3] = self.lp[c]; F[:, 4] = F[:, 3] - self.ulp[u]
        F[:, 5] = self.im[c]; F[:, 6] = self.year[c]; F[:, 7] = self.year[c] - self.uy[u]; F[:, 8] = self.G[c] @ self.gp[u]; F[:, 9] = self.G[c] @ self.gr[u]
        F[:, 10] = self.la[self.ag[u], c]; F[:, 11] = self.lo[self.occ[u], c]; F[:, 12] = top.mean(0); F[:, 13] = top.max(0)
        F[:, 14] = Q.mean(0); F[:, 15] = (self.cu[u] @ Q) / np.sqrt(len(h)); F[:, 16] = self.Vn[c] @ self.prof[u]; F[:, 17] = self.n[u]
        F[:, 18] = self.um[u]; F[:, 19] = self.usd[u]; F[:, 20] = self.ulp[u]; F[:, 21:40] = self.genre[c] * self.gp[u]
        return c, F

    def recommend(self, u, k):
        t = time.perf_counter(); c, F = self.features(u); t1 = time.perf_counter()
        p = self.booster.inplace_predict(F, validate_features=False); t2 = time.perf_counter()
        o = np.argsort(-p, kind="stable")[:k]
        return ([{"item_id": int(c[i]) + 1, "title": self.title[c[i]], "score": round(float(p[i]), 6), "rank": r + 1} for r, i in enumerate(o)],
                {"candidates": NC, "features_ms": round((t1 - t) * 1e3, 3), "rank_ms": round((t2 - t1) * 1e3, 3)})


def make(folder):
    m = Model(folder); print(f"trained in {m.train_s:.1f} s, {m.nfeat} features", file=sys.stderr, flush=True)
    app = FastAPI()

    @app.get("/health")
    def health(): return {"status": "ok"}

    @app.get("/recommend")
    async def recommend(user_id: int, top_k: int = Query(5, ge=1, le=100)):
        if not 1 <= user_id <= m.nu: return JSONResponse({"user_id": user_id, "recommendations": [], "status": "unknown_user", "metadata": {}}, 404)
        r, meta = m.recommend(user_id - 1, top_k)
        return JSONResponse({"user_id": user_id, "recommendations": r, "status": "ok", "metadata": meta})
    return app, m


def factory(): return make(os.environ["PEER_DATA"])[0]


if __name__ == "__main__":
    ap = argparse.ArgumentParser(); ap.add_argument("data"); ap.add_argument("--port", type=int, default=8123); ap.add_argument("--workers", type=int, default=1)
    ap.add_argument("--eval", action="store_true", help="print NDCG@10 on ua.test and stop"); a = ap.parse_args()
    os.environ["PEER_DATA"] = a.data
    if a.eval:
        _, m = make(a.data); T = np.loadtxt(os.path.join(a.data, "ua.test"), dtype=np.int64); d = 1 / np.log2(np.arange(2, 12)); s = 0; t = time.perf_counter()
        for u in range(m.nu):
            Y = set(T[T[:, 0] == u + 1, 1]); s += sum(d[r] for r, x in enumerate(m.recommend(u, 10)[0]) if x["item_id"] in Y) / d[:len(Y)].sum()
        print("NDCG@10 %.4f, %.3f ms a call" % (s / m.nu, (time.perf_counter() - t) / m.nu * 1e3))
    else:
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
        uvicorn.run("service_peer:factory", factory=True, host="127.0.0.1", port=a.port, workers=a.workers, log_level="warning", access_log=False)
