from kl_engine.acting.episode import Turn, episode
from kl_engine.acting.horizon import PolicyValue, policy_values
from kl_engine.acting.mazes import exclusive_or, grid_world, t_maze
from kl_engine.acting.policy import ActionValue, FiniteModel, action_probabilities, action_values, best_actions
from kl_engine.acting.state_inference import ExactPosterior, FactorisedState, exact_posterior, factorised_states

__all__ = [
    "ActionValue",
    "ExactPosterior",
    "FactorisedState",
    "FiniteModel",
    "PolicyValue",
    "Turn",
    "action_probabilities",
    "action_values",
    "best_actions",
    "episode",
    "exact_posterior",
    "exclusive_or",
    "factorised_states",
    "grid_world",
    "policy_values",
    "t_maze",
]
