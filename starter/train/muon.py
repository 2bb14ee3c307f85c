"""Muon: orthogonalised momentum for matrices and convolutions, its step matched in size to AdamW's."""

import torch

from starter.train import run


def _orthogonal(g, steps=5):
    """Newton-Schulz iteration on a batch of matrices (n, rows, columns): singular values towards one.

    It forgives bf16 (Jordan et al. 2024), which is many times faster where there are matrix units.
    """
    x = g / (g.norm(dim=(-2, -1), keepdim=True) * 1.02 + 1e-12)
    x = x.bfloat16() if run.fast_bf16(x.device) else x
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    for _ in range(steps):
        a = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(a, a, a, beta=-4.7750, alpha=2.0315), x, beta=3.4445)
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """For parameters of two or more dimensions; those of the same shape are stepped as one batch."""

    def __init__(self, params, lr, momentum=0.95, weight_decay=0.01):
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            batches = {}
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros(p.shape[0], p[0].numel(), device=p.device)
                g = p.grad.reshape(p.shape[0], -1).float()
                m = state["momentum"].lerp_(g, 1 - group["momentum"])
                batches.setdefault(m.shape, []).append((p, g.lerp(m, group["momentum"])))
            for shape, pairs in batches.items():
                update = _orthogonal(torch.stack([v for _, v in pairs])) * (0.2 * max(shape) ** 0.5)
                for (p, _), u in zip(pairs, update, strict=True):
                    p.mul_(1 - group["lr"] * group["weight_decay"]).add_(u.reshape(p.shape), alpha=-group["lr"])


_ADAM_NAMES = ("conv_in.", "conv_out.", "quant_conv", "token_embedding", "position_embedding")


def optimizers(named, muon_lr, adam_lr, adam_decay=1e-3):
    """[Muon, AdamW] over named parameters: first and last layers, embeddings and vectors go to AdamW."""
    inner, outer, vectors = [], [], []
    for name, p in named:
        if p.requires_grad:
            (vectors if p.ndim <= 1 else outer if any(k in name for k in _ADAM_NAMES) else inner).append(p)
    adam = torch.optim.AdamW(
        [{"params": outer, "weight_decay": adam_decay}, {"params": vectors, "weight_decay": 0.0}],
        adam_lr,
        betas=(0.9, 0.99),
    )
    both = [Muon(inner, muon_lr), adam]
    for o in both:
        for g in o.param_groups:
            g["full"] = g["lr"]
    return both


def set_rate(both, factor):
    for o in both:
        for g in o.param_groups:
            g["lr"] = g["full"] * factor
