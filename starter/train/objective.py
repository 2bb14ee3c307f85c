"""What the denoiser is trained for: v-prediction, weighted towards the figure, whose joints must stay readable."""

import torch

from starter.train import reader, run
from starter.train.networks import make_scheduler

FIGURE = 3.0  # extra loss weight on cells of the figure
READ = 0.15  # loss of a nat that the reader loses of the joints in the predicted clean latents; a third of the gradient
EMPTY, UNCONTROLLED = 0.1, 0.18  # shares of empty captions and of steps without control


class Noise:
    """The forward process: noisy latents and their v target, and the way back from a predicted v."""

    def __init__(self, dev):
        self.ac = make_scheduler().alphas_cumprod.float().to(dev)

    def _shares(self, t):
        """Of signal and noise."""
        return self.ac[t].sqrt()[:, None, None, None], (1 - self.ac[t]).sqrt()[:, None, None, None]

    def __call__(self, x, e, t):
        s, c = self._shares(t)
        return s * x + c * e, s * e - c * x

    def clean(self, noisy, v, t):
        s, c = self._shares(t)
        return s * noisy - c * v


def draw_steps(n, generator):
    """Timesteps, most of them in the middle where there is most to learn."""
    u = torch.sigmoid(torch.randn(n, generator=generator) * 1.2 + 0.2)
    flat = torch.rand(n, generator=generator)
    u = torch.where(torch.rand(n, generator=generator) < 0.15, flat, u)
    return (u * 1000).long().clamp(0, 999)


def unread(eye, x, joints, sureness):
    """How much a reader loses of the joints in predicted clean latents x, most where the prediction is sure."""
    lost = reader.unread(eye(x), *reader.targets(joints))
    return (lost * sureness).mean()


def step_loss(net, noise, data, seed, step, batch, dev, eye=None):
    """(whole loss, plain v-loss) of one step; everything follows from (seed, step). eye: a trained reader, or None."""
    dice = run.Dice(seed, step, dev)
    g = dice.torch
    ix = torch.from_numpy(run.batch_of(seed, step, batch, len(data["z"]))).to(dev)
    x = data["z"][ix].float()
    pick = torch.randint(data["tokens"].shape[1], (len(ix),), generator=g).to(dev)
    blank = (torch.rand(len(ix), 1, generator=g) < EMPTY).to(dev)
    tokens = torch.where(blank, data["empty"].long(), data["tokens"][ix, pick].long())
    t = draw_steps(len(ix), g).to(dev)
    e = dice.normal(x.shape)
    hint = data["hint"][ix].float() if dice.numpy.random() > UNCONTROLLED else None
    w = 1 + FIGURE * data["figure"][ix].float()[:, None]
    noisy, v = noise(x, e, t)
    with run.precision(dev):
        found = net(noisy, t, tokens, hint).float()
        error = (found - v).pow(2)
        loss = (error * (w / w.mean())).mean()
        if eye is not None and hint is not None:
            loss = loss + READ * unread(eye, noise.clean(noisy, found, t), data["joints"][ix], noise.ac[t] ** 0.25)
    return loss, error.detach().mean()


@torch.no_grad()
def validate(net, noise, held, dev, count=64):
    """Held-out v-loss given skeleton and text, text only, skeleton only, nothing."""
    z = held["z"][:count].float().to(dev)
    t = torch.linspace(20, 999, len(z)).long().to(dev)
    e = torch.randn(z.shape, generator=torch.Generator().manual_seed(5)).to(dev)
    noisy, v = noise(z, e, t)
    words = held["tokens"][: len(z), 0].long().to(dev)
    blank = held["empty"].long().to(dev)[None].expand(len(z), -1)
    hint = held["hint"][: len(z)].float().to(dev)
    cases = {"both": (words, hint), "text": (words, None), "skeleton": (blank, hint), "nothing": (blank, None)}
    with run.precision(dev):
        return {k: (net(noisy, t, w, h).float() - v).pow(2).mean().item() for k, (w, h) in cases.items()}
