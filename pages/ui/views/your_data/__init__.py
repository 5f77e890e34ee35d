"""The view "Your data": a person's numbers, what is fitted to them, and what that is worth on new ones.

`old_faithful.csv`: waiting times in minutes between 272 eruptions of the Old Faithful geyser, Yellowstone; W. Härdle,
Smoothing Techniques (1991), after A. Azzalini, A. W. Bowman, Applied Statistics 39 (1990) 357.
"""
