"""The objectives that have names, as data: to add one, add an entry.

`text` is the objective in the syntax of `grammar`, so that a named objective and a typed one get their answer from the
same place; what `reading` cannot say of it (which game is played, what is sampled in practice) stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

FAMILY = ""  # the text of an entry that is a family between the two directions, no sum of expectations


@dataclass(frozen=True)
class Objective:
    """One named objective.

    text: what is minimised, or maximised where the literature does so; FAMILY where it is no such sum. model: what is
    fitted. sampled: what is drawn in practice. remark: what its name hides. source: where it is defined.
    """

    title: str
    text: str
    model: str
    sampled: str
    remark: str
    source: str


CATALOGUE: dict[str, Objective] = {
    "maximum_likelihood": Objective(
        "Maximum likelihood", "-E_data[log q]", "q", "the data",
        "The cross entropy from the data to the model: the entropy of the data is a constant, so the minimiser is that "
        "of D(data‖q). From a finite sample to a density that divergence itself is ∞.",
        "R. A. Fisher 1922; H. Akaike 1973",
    ),
    "cross_entropy": Objective(
        "Cross entropy (classification)", "CE(p, q)", "q", "labelled examples",
        "With one-hot labels H[p] = 0, and the value is the divergence itself; with soft labels it is not, and its "
        "least value is H[p], not 0.",
        "C. M. Bishop, Pattern Recognition and Machine Learning (2006), 4.3",
    ),
    "label_smoothing": Objective(
        "Label smoothing", "(1 - eps)*CE(label, q) + eps*CE(uniform, q)", "q", "labelled examples",
        "The target is the mixture (1 − ε) label + ε uniform, which is nowhere 0: no logit is sent to infinity, and "
        "the least value is the entropy of that mixture, not 0.",
        "C. Szegedy et al., CVPR 2016",
    ),
    "distillation_forward": Objective(
        "Knowledge distillation, forward", "KL(teacher||student)", "student", "the teacher, or the data it labels",
        "The usual loss: the student must cover what the teacher holds possible. In torch: "
        "F.kl_div(log_student, teacher, reduction='batchmean').",
        "G. Hinton, O. Vinyals, J. Dean, arXiv:1503.02531",
    ),
    "distillation_reverse": Objective(
        "Knowledge distillation, reverse", "KL(student||teacher)", "student", "the student",
        "The student writes and the teacher marks it: what the student never says is never corrected.",
        "Y. Gu et al., MiniLLM, ICLR 2024",
    ),
    "variational_inference": Objective(
        "Variational inference", "E_q[log q - log p(x,z)]", "q", "q",
        "The joint density stands for the posterior: they differ by the evidence p(x), which is constant in q.",
        "M. I. Jordan et al., Machine Learning 37 (1999) 183",
    ),
    "vae": Objective(
        "ELBO of a VAE, encoder", "E_q(z|x)[log p(x|z)] - KL(q(z|x)||p(z))", "q(z|x)", "the encoder q(z|x)",
        "Maximised over both networks. Seen from the encoder it is the reverse direction, to the posterior; seen from "
        "the decoder p(x|z) it is maximum likelihood under the encoder's samples: the forward kind.",
        "D. P. Kingma, M. Welling, ICLR 2014",
    ),
    "expectation_propagation": Objective(
        "Expectation propagation", "KL(tilted||q)", "q", "nothing: moments of the tilted distribution",
        "Forward, but one factor at a time and to the tilted distribution p̃ ∝ (factor) · (cavity), not to p: moments "
        "are matched locally, and nothing as a whole is minimised.",
        "T. P. Minka, UAI 2001",
    ),
    "policy_gradient": Objective(
        "Policy gradient with a KL penalty (TRPO, PPO)", "E_pi[r] - beta*KL(pi_old||pi)", "pi",
        "the old policy for the penalty; the new one, by importance weights, for the reward",
        "The penalty is under the old policy, so the new one must cover it; the reward is under the new one and has "
        "no entropy term, so it alone would make the policy shrink.",
        "J. Schulman et al., ICML 2015; arXiv:1707.06347",
    ),
    "rlhf": Objective(
        "RLHF: reward and KL to the reference", "E_pi[r] - beta*KL(pi||pi_ref)", "pi", "the policy that is trained",
        "Reverse, to the target π* ∝ π_ref exp(r/β): where the reference has no mass the policy can have none, and "
        "small β sharpens the target until one answer is left.",
        "D. M. Ziegler et al., arXiv:1909.08593; T. Korbak et al., arXiv:2205.11275",
    ),
    "wake": Objective(
        "Wake-sleep, wake phase", "-E_q(z|x)[log p_theta(x,z)]", "p_theta(x,z)", "the recognition network, on data",
        "The generative model is fitted to samples of the recognition network: the forward kind, q being given.",
        "G. E. Hinton et al., Science 268 (1995) 1158",
    ),
    "sleep": Objective(
        "Wake-sleep, sleep phase", "-E_p(x,z)[log q(z|x)]", "q(z|x)", "the generative model (dreams)",
        "The recognition network is fitted under the model: D(p(z|x)‖q(z|x)), not the D(q‖p) of the ELBO. The two "
        "phases follow different directions, so no one function is descended.",
        "G. E. Hinton et al., Science 268 (1995) 1158",
    ),
    "contrastive_divergence": Objective(
        "Contrastive divergence", "KL(data||q)", "q", "the data, and the same k steps of a chain later",
        "Maximum likelihood with an unnormalised q: the gradient of log Z is an expectation under q, taken at the data "
        "after k steps of a chain. What is descended is D(data‖q) − D(data_k‖q), as if data_k did not depend on q.",
        "G. E. Hinton, Neural Computation 14 (2002) 1771",
    ),
    "f_gan": Objective(
        "f-GAN", FAMILY, "q", "both: the data, and the generator",
        "A discriminator T bounds D_f(p‖q) ≥ E_p[T] − E_q[f*(T)] from below, so both are sampled and neither density "
        "is needed. Which zeros hurt depends on f: u log u is D(p‖q), −log u is D(q‖p), the original GAN's "
        "Jensen-Shannon is finite at every zero. The bound is only as good as T.",
        "S. Nowozin, B. Cseke, R. Tomioka, NeurIPS 2016",
    ),
    "renyi": Objective(
        "Rényi bound", FAMILY, "q", "q, with weights (p/q)^(1−α)",
        "L_α = (1 − α)⁻¹ log E_q[(p(x,z)/q)^(1−α)]: α → 1 is the ELBO, so D(q‖p); α = 0 is the evidence where q > 0; "
        "α < 0 lies above the evidence. Samples are always from q: where q has none, the bound sees nothing, "
        "and the weights' variance hides it.",
        "Y. Li, R. E. Turner, NeurIPS 2016",
    ),
}  # fmt: skip
