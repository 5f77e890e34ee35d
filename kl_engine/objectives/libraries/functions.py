"""What the functions of well-known packages compute, by their documented formulas: as data, one entry a function.

To add a function, add an entry. `library_formulas` restates the same formulas in NumPy, and tests hold the two
together.
"""

from __future__ import annotations

from dataclasses import dataclass

LOG, PROBABILITY, LOGITS, DISTRIBUTION = "log-probabilities", "probabilities", "logits", "distributions"
_AVERAGED = "the sum over the outcomes of each example, averaged over the examples"
REDUCTIONS = {
    "sum": "the sum over the outcomes and over the batch",
    "batchmean": "the sum over the outcomes, averaged over the batch",
    "mean": _AVERAGED,
    "none": "one number per example: not an objective until they are summed",
}
KERAS_DEFAULT = "sum_over_batch_size"  # of its classes; its functions give one number per example
PACKAGE_REDUCTIONS = {  # those that one package alone knows
    KERAS_DEFAULT: _AVERAGED,
    "auto": _AVERAGED,
    "mean_with_sample_weight": f"{_AVERAGED} by their weights",
    "sum_by_nonzero_weights": f"{_AVERAGED} whose weight is not 0",
}
OUTCOMES_REDUCED = {  # where the outcomes are reduced as the examples are
    "mean": "the sum over the outcomes divided by their number: not the divergence, though it has its minimum",
    "none": "one number per outcome: not an objective until it is summed",
}


@dataclass(frozen=True)
class LibraryCall:
    """One function: how it is reached, its arguments in order, which of them is which, and what to beware of.

    names: its last names. modules: a word of its path that tells it from a namesake; empty where the name is enough.
    data: the argument under the expectation. model: the other one. model_space, data_space: what each must hold.
    kind: "divergence" or "cross entropy". built: called twice, as in KLDivLoss()(input, target).
    reduction: its default, or "" where it has none. outcomewise: whether it reduces the outcomes as it does the
    examples. elementwise: it gives one number an outcome, to be summed. positional: its options in the order in which
    they may follow the arguments, built_positional: in the first brackets of one that is called twice. also: other
    keywords for its arguments.
    """

    title: str
    names: tuple[str, ...]
    modules: tuple[str, ...]
    arguments: tuple[str, str]
    data: str
    model: str
    data_space: str
    model_space: str
    trap: str
    source: str
    kind: str = "divergence"
    built: bool = False
    reduction: str = ""
    outcomewise: bool = False
    elementwise: bool = False
    options: tuple[str, ...] = ()
    positional: tuple[str, ...] = ()
    built_positional: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()


_OLD = ("size_average", "reduce", "reduction", "log_target")
_OLD_CROSS = ("weight", "size_average", "ignore_index", "reduce", "reduction", "label_smoothing")
_TF1_OPTIONS = ("weights", "label_smoothing", "scope", "loss_collection", "reduction")
TORCH_OPTIONS = ("reduction", "log_target", "size_average", "reduce", "dim", "axis", "weight", "ignore_index")
TORCH_TRAP = (
    "The first argument is the one that is not under the expectation, and must be in logs; the default reduction, "
    "'mean', also divides by the number of outcomes. Where target = 0 and input = −∞ it gives nan."
)
KERAS_TRAP = (
    "Both arguments are probabilities and are clipped to [1e-7, 1]: a divergence that is ∞ comes out as a large finite "
    "number."
)
TORCH_DOCS = "pytorch.org/docs, torch.nn.KLDivLoss"
TORCH_MODULES = ("torch", "nn", "F", "functional", "paddle")
KERAS_MODULES = ("keras", "tf", "losses", "K")

CALLS = (
    LibraryCall(
        "torch kl_div", ("kl_div",), TORCH_MODULES, ("input", "target"), "target", "input", PROBABILITY, LOG,
        TORCH_TRAP, TORCH_DOCS, reduction="mean", outcomewise=True, options=TORCH_OPTIONS, positional=_OLD,
        also=(("label", "target"),),
    ),
    LibraryCall(
        "torch KLDivLoss", ("KLDivLoss",), (), ("input", "target"), "target", "input", PROBABILITY, LOG,
        TORCH_TRAP, TORCH_DOCS, built=True, reduction="mean", outcomewise=True, options=TORCH_OPTIONS,
        built_positional=_OLD,
    ),
    LibraryCall(
        "torch.distributions kl_divergence", ("kl_divergence",),
        ("distributions", "dist", "D", "torch", "td", "dists", "distrax", "numpyro", "pyro", "kl", "tdist"), ("p", "q"),
        "p", "q", DISTRIBUTION, DISTRIBUTION,
        "In the order of the formula: D(first‖second). It knows pairs of families with a closed form, no mixtures.",
        "pytorch.org/docs, torch.distributions.kl",
    ),
    LibraryCall(
        "TensorFlow Probability kl_divergence", ("kl_divergence",), ("tfd", "tfp"),
        ("distribution_a", "distribution_b"), "distribution_a", "distribution_b", DISTRIBUTION, DISTRIBUTION,
        "In the order of the formula: D(first‖second). With allow_nan_stats=True an undefined value is nan.",
        "tensorflow.org/probability, tfp.distributions.kl_divergence", options=("allow_nan_stats", "name"),
    ),
    LibraryCall(
        "Keras KLDivergence", ("KLDivergence",), (), ("y_true", "y_pred"), "y_true", "y_pred", PROBABILITY, PROBABILITY,
        KERAS_TRAP, "keras.io/api/losses/probabilistic_losses", built=True, reduction=KERAS_DEFAULT,
        options=("reduction", "name", "dtype"),
    ),
    LibraryCall(
        "Keras kl_divergence", ("kl_divergence", "KLD", "kld", "kullback_leibler_divergence"), KERAS_MODULES,
        ("y_true", "y_pred"), "y_true", "y_pred", PROBABILITY, PROBABILITY, KERAS_TRAP,
        "keras.io/api/losses/probabilistic_losses", options=("axis",),
    ),
    LibraryCall(
        "Optax kl_divergence", ("kl_divergence",), ("optax",), ("log_predictions", "targets"), "targets",
        "log_predictions", PROBABILITY, LOG,
        "The first argument is the one that is not under the expectation, and must be in logs, as in torch.",
        "optax.readthedocs.io, losses", options=("axis", "where"),
    ),
    LibraryCall(
        "SciPy stats.entropy", ("entropy",), ("scipy", "stats", "ss"), ("pk", "qk"), "pk", "qk", PROBABILITY,
        PROBABILITY,
        "Both arguments are first divided by their sums, so that unnormalised input passes unseen; with one argument "
        "it is the entropy, and base=2 gives bits.",
        "docs.scipy.org, scipy.stats.entropy", options=("base", "axis", "nan_policy"), positional=("base", "axis"),
    ),
    LibraryCall(
        "SciPy rel_entr", ("rel_entr",), (), ("x", "y"), "x", "y", PROBABILITY, PROBABILITY,
        "One number per outcome, some of them negative: only their sum is the divergence. Nothing is normalised.",
        "docs.scipy.org, scipy.special.rel_entr", elementwise=True,
    ),
    LibraryCall(
        "SciPy special.kl_div", ("kl_div",), ("scipy", "special", "sc", "jsp", "jax"), ("x", "y"), "x", "y",
        PROBABILITY, PROBABILITY,
        "Each outcome has an extra −x + y, so none is negative; the sum is the divergence only if both sum to 1. The "
        "order is the reverse of torch's function of the same name, and nothing is in logs.",
        "docs.scipy.org, scipy.special.kl_div", elementwise=True,
    ),
    LibraryCall(
        "torch cross_entropy", ("cross_entropy", "CrossEntropyLoss"), TORCH_MODULES, ("input", "target"), "target",
        "input", PROBABILITY, LOGITS,
        "The first argument is the model's logits, not its probabilities; label_smoothing mixes the uniform "
        "distribution into the target.",
        "pytorch.org/docs, torch.nn.CrossEntropyLoss", kind="cross entropy", reduction="mean",
        options=(*TORCH_OPTIONS, "label_smoothing"), positional=_OLD_CROSS, built_positional=_OLD_CROSS,
        also=(("label", "target"),),
    ),
    LibraryCall(
        "torch nll_loss", ("nll_loss", "NLLLoss"), TORCH_MODULES, ("input", "target"), "target", "input", PROBABILITY,
        LOG, "The first argument must be in logs; nothing in it checks that.", "pytorch.org/docs, torch.nn.NLLLoss",
        kind="cross entropy", reduction="mean", options=TORCH_OPTIONS, positional=_OLD_CROSS,
    ),
    LibraryCall(
        "torch binary_cross_entropy_with_logits", ("binary_cross_entropy_with_logits", "BCEWithLogitsLoss"), (),
        ("input", "target"), "target", "input", PROBABILITY, LOGITS,
        "Each entry is a distribution over two outcomes of its own; the first argument is the model's logits.",
        "pytorch.org/docs, torch.nn.BCEWithLogitsLoss", kind="cross entropy", reduction="mean",
        options=(*TORCH_OPTIONS, "pos_weight"), positional=("weight", "size_average", "reduce", "reduction"),
    ),
    LibraryCall(
        "torch binary_cross_entropy", ("binary_cross_entropy", "BCELoss"), (), ("input", "target"), "target", "input",
        PROBABILITY, PROBABILITY,
        "Each entry is a distribution over two outcomes of its own; the first argument is the model's probability, and "
        "its logs are cut at −100.", "pytorch.org/docs, torch.nn.BCELoss", kind="cross entropy",
        reduction="mean", options=TORCH_OPTIONS, positional=("weight", "size_average", "reduce", "reduction"),
    ),
    LibraryCall(
        "torch soft_margin gaussian_nll", ("gaussian_nll_loss", "poisson_nll_loss"), (), ("input", "target"), "target",
        "input", DISTRIBUTION, DISTRIBUTION,
        "A log likelihood: the first argument holds parameters of the model, the second the data.",
        "pytorch.org/docs, torch.nn.GaussianNLLLoss", kind="cross entropy", reduction="mean",
        options=(*TORCH_OPTIONS, "var", "full", "eps", "log_input"), positional=("var", "full", "eps", "reduction"),
    ),
    LibraryCall(
        "Keras CategoricalCrossentropy", ("CategoricalCrossentropy", "categorical_crossentropy"), (),
        ("y_true", "y_pred"), "y_true", "y_pred", PROBABILITY, PROBABILITY,
        "The second argument is divided by its sum and clipped to [1e-7, 1 − 1e-7], unless from_logits=True.",
        "keras.io/api/losses/probabilistic_losses", kind="cross entropy", reduction=KERAS_DEFAULT,
        options=("from_logits", "label_smoothing", "axis", "reduction", "name", "sample_weight", "dtype"),
    ),
    LibraryCall(
        "Keras SparseCategoricalCrossentropy",
        ("SparseCategoricalCrossentropy", "sparse_categorical_crossentropy", "BinaryCrossentropy",
         "binary_crossentropy"), (), ("y_true", "y_pred"), "y_true", "y_pred", PROBABILITY, PROBABILITY,
        "The second argument is probabilities, unless from_logits=True; the first holds labels, or probabilities of 1.",
        "keras.io/api/losses/probabilistic_losses", kind="cross entropy", reduction=KERAS_DEFAULT,
        options=("from_logits", "label_smoothing", "axis", "reduction", "name", "ignore_class", "sample_weight"),
    ),
    LibraryCall(
        "TensorFlow softmax_cross_entropy_with_logits",
        ("softmax_cross_entropy_with_logits", "sparse_softmax_cross_entropy_with_logits",
         "sigmoid_cross_entropy_with_logits", "softmax_cross_entropy_with_logits_v2",
         "weighted_cross_entropy_with_logits"), (), ("labels", "logits"),
        "labels", "logits", PROBABILITY, LOGITS,
        "The labels come first and the logits second, the reverse of torch's order; one number per example comes out.",
        "tensorflow.org/api_docs, tf.nn", kind="cross entropy", options=("axis", "name", "pos_weight"),
    ),
    LibraryCall(
        "Optax sigmoid_binary_cross_entropy", ("sigmoid_binary_cross_entropy",), (), ("logits", "labels"), "labels",
        "logits", PROBABILITY, LOGITS,
        "The logits come first and the labels second; one number per label comes out.",
        "optax.readthedocs.io, losses", kind="cross entropy", options=("axis", "where"),
    ),
    LibraryCall(
        "Optax softmax_cross_entropy",
        ("softmax_cross_entropy", "softmax_cross_entropy_with_integer_labels", "safe_softmax_cross_entropy"), (),
        ("logits", "labels"), "labels", "logits", PROBABILITY, LOGITS,
        "The logits come first and the labels second; one number per example comes out.",
        "optax.readthedocs.io, losses", kind="cross entropy", options=("axis", "where"),
    ),
    LibraryCall(
        "Optax convex_kl_divergence", ("convex_kl_divergence",), (), ("log_predictions", "targets"), "targets",
        "log_predictions", PROBABILITY, LOG,
        "As kl_divergence, with an extra −targets + predictions in each entry, which sums to 0 for distributions.",
        "optax.readthedocs.io, losses", options=("axis", "where"),
    ),
    LibraryCall(
        "Optax kl_divergence_with_log_targets", ("kl_divergence_with_log_targets",), (),
        ("log_predictions", "log_targets"), "log_targets", "log_predictions", LOG, LOG,
        "Both arguments must be in logs; the second is the one under the expectation.",
        "optax.readthedocs.io, losses", options=("axis", "where"),
    ),
    LibraryCall(
        "scikit-learn log_loss", ("log_loss",), (), ("y_true", "y_pred"), "y_true", "y_pred", PROBABILITY, PROBABILITY,
        "The labels come first; the second argument is probabilities, and is clipped away from 0.",
        "scikit-learn.org, sklearn.metrics.log_loss", kind="cross entropy",
        options=("normalize", "sample_weight", "labels", "eps"), also=(("y_proba", "y_pred"), ("y_prob", "y_pred")),
    ),
    LibraryCall(
        "Julia's kldivergence", ("kldivergence", "kl_divergence_p", "KL_plugin"), (), ("p", "q"), "p", "q", PROBABILITY,
        PROBABILITY, "In the order of the formula, D(first‖second), in StatsBase and in Distances.",
        "juliastats.org, StatsBase.kldivergence",
    ),
    LibraryCall(
        "Flux kldivergence", ("kldivergence",), ("Flux", "Losses"), ("y_pred", "y"), "y", "y_pred", PROBABILITY,
        PROBABILITY, "The model comes first and the data second: D(second‖first).",
        "fluxml.ai, Flux.Losses.kldivergence", options=("dims", "agg", "eps"),
    ),
    LibraryCall(
        "Flux crossentropy",
        ("crossentropy", "logitcrossentropy", "binarycrossentropy", "logitbinarycrossentropy"), ("Flux", "Losses"),
        ("y_pred", "y"), "y", "y_pred", PROBABILITY, DISTRIBUTION,
        "The model comes first and the data second; the logit versions take logits.", "fluxml.ai, Flux.Losses",
        kind="cross entropy", options=("dims", "agg", "eps"),
    ),
    LibraryCall(
        "KL Lab forward_kl", ("forward_kl",), (), ("p", "q"), "p", "q", DISTRIBUTION, DISTRIBUTION,
        "The target comes first, as in reverse_kl: no caller swaps.", "kl_engine",
    ),
    LibraryCall(
        "KL Lab reverse_kl", ("reverse_kl",), (), ("p", "q"), "q", "p", DISTRIBUTION, DISTRIBUTION,
        "The target comes first, as in forward_kl: no caller swaps.", "kl_engine",
    ),
    LibraryCall(
        "TensorFlow 1 softmax_cross_entropy", ("softmax_cross_entropy",), ("tf", "tensorflow", "slim"),
        ("onehot_labels", "logits"), "onehot_labels", "logits", PROBABILITY, LOGITS,
        "The labels come first and the logits second, the reverse of Optax's function of the same name.",
        "tensorflow.org/api_docs, tf.compat.v1.losses", kind="cross entropy", reduction="sum_by_nonzero_weights",
        options=_TF1_OPTIONS, positional=("weights", "label_smoothing", "scope"),
    ),
    LibraryCall(
        "TensorFlow 1 sparse_softmax_cross_entropy", ("sparse_softmax_cross_entropy",), (), ("labels", "logits"),
        "labels", "logits", PROBABILITY, LOGITS,
        "The labels, as numbers of classes, come first and the logits second.",
        "tensorflow.org/api_docs, tf.compat.v1.losses", kind="cross entropy", reduction="sum_by_nonzero_weights",
        options=_TF1_OPTIONS, positional=("weights", "scope"),
    ),
    LibraryCall(
        "TensorFlow 1 sigmoid_cross_entropy", ("sigmoid_cross_entropy",), (), ("multi_class_labels", "logits"),
        "multi_class_labels", "logits", PROBABILITY, LOGITS,
        "Each entry is a distribution over two outcomes of its own; the labels come first and the logits second.",
        "tensorflow.org/api_docs, tf.compat.v1.losses", kind="cross entropy", reduction="sum_by_nonzero_weights",
        options=_TF1_OPTIONS, positional=("weights", "label_smoothing", "scope"),
    ),
    LibraryCall(
        "TensorFlow 1 log_loss", ("log_loss",), ("tf", "tensorflow"), ("labels", "predictions"), "labels",
        "predictions", PROBABILITY, PROBABILITY,
        "The cross entropy of two outcomes, entry by entry; the labels come first, the second holds probabilities.",
        "tensorflow.org/api_docs, tf.compat.v1.losses", kind="cross entropy", reduction="sum_by_nonzero_weights",
        options=(*_TF1_OPTIONS, "epsilon"), positional=("weights", "epsilon", "scope"),
    ),
)  # fmt: skip
BUILT = ("CrossEntropyLoss", "NLLLoss", "CategoricalCrossentropy", "SparseCategoricalCrossentropy")
BUILT += (
    "BinaryCrossentropy",
    "BCELoss",
    "BCEWithLogitsLoss",
    "KLDivLoss",
)  # of the entries with both, those called twice
