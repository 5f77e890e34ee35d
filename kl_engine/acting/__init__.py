from kl_engine.acting.horizon import PolicyValue, policy_values
from kl_engine.acting.mazes import exclusive_or, t_maze
from kl_engine.acting.policy import ActionValue, FiniteModel, action_probabilities, action_values, best_actions
from kl_engine.acting.state_inference import ExactPosterior, FactorisedState, exact_posterior, factorised_states

__all__ = [
    "ActionValue",
    "ExactPosterior",
    "FactorisedState",
    "FiniteModel",
    "PolicyValue",
    "action_probabilities",
    "action_values",
    "best_actions",
    "exact_posterior",
    "exclusive_or",
    "factorised_states",
    "policy_values",
    "t_maze",
]
