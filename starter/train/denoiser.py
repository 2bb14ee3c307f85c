"""Train UNet, ControlNet and text encoder together: python -m starter.train.denoiser --steps N

v-prediction on cached latents; a tenth of the captions are empty, a fifth of the steps run without control, so that one
set of weights serves plain text-to-image too. Stop it at any moment; the same command goes on where it stopped.

The rate is constant until the last third of --steps, then falls to zero. Just before it falls, the state is also kept
as denoiser-plateau.pt: to train further than planned, go on from there with a larger --steps (--from-plateau).
"""

import argparse
import copy
import shutil
import time

import torch
from diffusers.models.attention_processor import AttnProcessor

from starter.dataset import work_folder
from starter.train import reader, run
from starter.train.latents import cached
from starter.train.muon import optimizers, set_rate
from starter.train.networks import make_denoiser
from starter.train.objective import Noise, step_loss, validate

TAIL = 0.3
MEMORY = 0.9995  # of the averaged weights
RATES = 1.2e-3, 7e-4  # of Muon and AdamW


class FromFeatures(torch.nn.Module):
    """Stands in for the hint stem while its cached features are fed in place of skeleton maps."""

    def __init__(self, stem):
        super().__init__()
        self.stem = stem

    def forward(self, features):
        return self.stem.conv_out(features)


class Denoiser(torch.nn.Module):
    """UNet, ControlNet and text encoder as one network of (noisy latents, steps, token ids, hint features or None)."""

    def __init__(self, vocabulary, stem=None):
        super().__init__()
        self.unet, self.control, self.text = make_denoiser(vocabulary)
        hint = self.control.controlnet_cond_embedding
        if stem is not None:
            hint.load_state_dict(stem)
        for m in (hint.conv_in, *hint.blocks):
            m.requires_grad_(False)
        self.control.controlnet_cond_embedding = FromFeatures(hint)

    def forward(self, noisy, t, tokens, hint=None):
        words = self.text(input_ids=tokens).last_hidden_state
        extra = {}
        if hint is not None:
            down, mid = self.control(noisy, t, words, hint, return_dict=False)
            extra = {"down_block_additional_residuals": down, "mid_block_additional_residual": mid}
        return self.unet(noisy, t, words, return_dict=False, **extra)[0]


def suited(net, dev):
    """The same network as its device likes it.

    On CPUs without fused attention, whose way back is several times slower in bf16 there; on CUDA channels last.
    """
    net = net.to(dev)
    if dev.type == "cuda":
        return net.to(memory_format=torch.channels_last)
    net.unet.set_attn_processor(AttnProcessor())
    net.control.set_attn_processor(AttnProcessor())
    net.text.set_attn_implementation("eager")
    return net


class Trainer:
    """Networks, averages, optimizers and step count of a run, and their state file."""

    def __init__(self, folder, vocabulary, seed, muon_lr, adam_lr, stem=None):
        self.dev, self.seed = run.prepare(seed), seed
        self.net = suited(Denoiser(vocabulary, stem), self.dev)
        self.ema = copy.deepcopy(self.net).eval().requires_grad_(False)
        self.opts = optimizers(self.net.named_parameters(), muon_lr, adam_lr)
        self.params = [p for p in self.net.parameters() if p.requires_grad]
        self.noise, self.step = Noise(self.dev), 0
        self.eye = reader.finished(folder)
        self.eye = self.eye and self.eye.to(self.dev)
        self.path = folder / "denoiser.pt"

    def compile(self):
        """Fuse the networks' small steps into few: pays on a large GPU, after a minute of compiling."""
        self.net.unet.compile(), self.net.control.compile()
        return self

    def resume(self):
        if self.path.exists():
            s = run.load_state(self.path)
            self.net.load_state_dict(s["net"])
            self.ema.load_state_dict(s["ema"])
            for o, v in zip(self.opts, s["opts"], strict=True):
                o.load_state_dict(v)
            self.step = s["step"]
        return self

    def save(self):
        run.save_state(
            self.path,
            net=self.net.state_dict(),
            ema=self.ema.state_dict(),
            opts=[o.state_dict() for o in self.opts],
            step=self.step,
        )

    def advance(self, data, batch, factor):
        """One step; returns the plain loss, which the device may still be working on."""
        set_rate(self.opts, factor)
        loss, plain = step_loss(self.net, self.noise, data, self.seed, self.step, batch, self.dev, self.eye)
        for p in self.params:
            p.grad = None
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.params, 1.0)
        for o in self.opts:
            o.step()
        self.step += 1
        with torch.no_grad():
            torch._foreach_lerp_(
                list(self.ema.parameters()),
                list(self.net.parameters()),
                1 - min(MEMORY, (1 + self.step) / (10 + self.step)),
            )
        return plain


def train(folder, steps, seed=0, batch=24, rates=RATES, save_every=250, report=25, data=None, held=None, fused=False):
    """Train up to a step count; returns the reported losses. fused: compile the networks first."""
    data, held = data or cached(folder), held or cached(folder, "held")
    stem = run.load_state(folder / "stem.pt")["stem"] if (folder / "stem.pt").exists() else None
    trainer = Trainer(folder, data["vocabulary"], seed, *rates, stem).resume()
    if fused:
        trainer.compile()
    data = {k: v.to(trainer.dev) if torch.is_tensor(v) else v for k, v in data.items()}
    watch = Watch(trainer, held, steps, batch, report)
    with run.StopRequest() as stop:
        while trainer.step < steps and not stop.asked:
            if trainer.step == int(steps * (1 - TAIL)):
                trainer.save()
                shutil.copyfile(trainer.path, folder / "denoiser-plateau.pt")
            watch(trainer.advance(data, batch, run.rate(trainer.step, steps, 80, TAIL)))
            if trainer.step % save_every == 0:
                trainer.save()
        trainer.save()
    return watch.log


class Watch:
    """Prints losses as a run goes on, and the held-out loss now and then."""

    def __init__(self, trainer, held, steps, batch, report, look=500):
        self.t, self.held, self.steps, self.batch = trainer, held, steps, batch
        self.report, self.look, self.recent, self.log = report, look, [], []
        self.began, self.first = time.time(), trainer.step

    def __call__(self, loss):
        step = self.t.step
        self.recent.append(loss)
        if step % self.report == 0 or step == self.steps:
            self.log.append(torch.stack(self.recent).mean().item())
            self.recent = []
            minutes = (time.time() - self.began) / 60
            speed = (step - self.first) * self.batch / minutes / 60
            print(
                f"denoiser {step}/{self.steps} loss {self.log[-1]:.4f} {speed:.1f} pictures/s {minutes:.1f} min",
                flush=True,
            )
        if step % self.look == 0 or step == self.steps:
            figures = validate(self.t.ema, self.t.noise, self.held, self.t.dev)
            print("held-out", {k: round(v, 4) for k, v in figures.items()}, flush=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--steps", type=int, default=40000)
    options.add_argument("--batch", type=int, default=24)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--from-plateau", action="store_true", help="go back to the state before the rate fell")
    options.add_argument("--fused", action="store_true", help="compile the networks first: for a large GPU")
    options.add_argument("--work")
    options = options.parse_args()
    home = work_folder(options.work)
    if options.from_plateau:
        shutil.copyfile(home / "denoiser-plateau.pt", home / "denoiser.pt")
    train(home, options.steps, options.seed, options.batch, fused=options.fused)
