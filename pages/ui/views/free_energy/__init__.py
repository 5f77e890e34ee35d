"""The free energy view: its stories, what it shows of one state, its charts, formulas and words."""
