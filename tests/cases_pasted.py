r"""Formulas as they stand in papers, on web pages and in code, each right; and hostile ones for each way in."""

_BODY = r"\frac{\sigma_1^2+(\mu_1-\mu_2)^2}{2\sigma_2^2}"

FORWARD = (
    "$D_{KL}(p\\|q) = \\log\\frac{\\sigma_2}{\\sigma_1} + " + _BODY + "-\\frac{1}{2}$",
    r"KL(\mathcal{N}(\mu_1,\sigma_1^2)\,\|\,\mathcal{N}(\mu_2,\sigma_2^2)) = \ln\sigma_2/\sigma_1 + "
    + _BODY + r"-\tfrac12",
    "log(σ₂/σ₁) + (σ₁² + (μ₁ − μ₂)²)/(2σ₂²) − ½",
    "ln(σ2/σ1) + (σ1² + (μ1 − μ2)²)/(2σ2²) − ½",
    "log(σ2/σ1) + (σ1**2 + (μ1-μ2)**2)/(2*σ2**2) - 1/2",
    "ln √(σ_q²/σ_p²) + (σ_p² + (μ_p − μ_q)²)/(2·σ_q²) − ½",
    "D_KL(p‖q) = ½ (σ_p²/σ_q² + (μ_q−μ_p)²/σ_q² − 1 + ln(σ_q²/σ_p²))",
    r"\begin{align} D_{KL}(P\|Q) &= \log\frac{\sigma_q}{\sigma_p} + \frac{\sigma_p^2+(\mu_p-\mu_q)^2}{2\sigma_q^2}"
    r"-\frac{1}{2} \end{align}",
    r"\(\frac12\sum_i\left(\frac{\sigma_{1,i}^2}{\sigma_{2,i}^2}+\frac{(\mu_{2,i}-\mu_{1,i})^2}{\sigma_{2,i}^2}"
    r"-1+\ln\frac{\sigma_{2,i}^2}{\sigma_{1,i}^2}\right)\)",
    r"\sum_{j=1}^{n} \left\{ \log \frac{\sigma_{2j}}{\sigma_{1j}} + \frac{\sigma_{1j}^2 + (\mu_{1j}-\mu_{2j})^2}"
    r"{2\sigma_{2j}^2} - \frac12 \right\}",
    r"\log \sigma_2 - \log \sigma_1 + \frac{\sigma_1^2 + \|\mu_1-\mu_2\|^2_2}{2\sigma_2^2} - 1/2",
    r"D(p\|q) = \int p \log\frac{p}{q} = \log\frac{\sigma_q}{\sigma_p}+\frac{\sigma_p^2+(\mu_p-\mu_q)^2}{2\sigma_q^2}"
    r"-\frac12.",
    "KL(N(m1,s1)||N(m2,s2)) = ln(s2/s1) + (s1^2+(m1-m2)^2)/(2*s2^2) - 1/2",
    "tf.math.log(sigma2/sigma1) + (sigma1**2 + tf.square(mu1-mu2))/(2*sigma2**2) - 0.5",
    "return 0.5 * (var_p/var_q + np.power(mu_q-mu_p, 2)/var_q - 1 + np.log(var_q) - np.log(var_p))",
    "0.5 * (-1.0 + logvar2 - logvar1 + th.exp(logvar1 - logvar2) + ((mean1 - mean2) ** 2) * th.exp(-logvar2))",
    r"D_\text{KL}\left({\mathcal {N}}_{0}\parallel {\mathcal {N}}_{1}\right)={\frac {1}{2}}\left("
    r"{\frac {\sigma _{0}^{2}}{\sigma _{1}^{2}}}+{\frac {(\mu _{1}-\mu _{0})^{2}}{\sigma _{1}^{2}}}-1"
    r"+\ln {\frac {\sigma _{1}^{2}}{\sigma _{0}^{2}}}\right)",
    "kl = (torch.log(std_q) - torch.log(std_p) + (std_p**2 + (mean_p - mean_q)**2) / (2*std_q**2) - 0.5).sum(-1)",
)  # fmt: skip
REVERSE = (
    "KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())",
    "kl = torch.mean(-0.5 * torch.sum(1 + log_var - mu ** 2 - log_var.exp(), dim = 1), dim = 0)",
    "kl_loss = -0.5 * tf.reduce_sum(1 + z_log_var - tf.square(z_mean) - tf.exp(z_log_var), axis=-1)",
    "-0.5 * K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)",
    "0.5 * jnp.sum(jnp.exp(logvar) + mu**2 - 1. - logvar, axis=(0, 1))",
    "½·(σ² + μ² − 1 − ln σ²)",
    "kl_loss = -0.5 * (1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var))",
    "-log_std + (std**2 + mean**2)/2 - 0.5",
    r"\mathcal{L}_{KL} = \frac12\left(\mu^2+\sigma^2-1-\ln\sigma^2\right)",
    r"\mathcal{L}_{\mathrm{KL}}(\theta, \phi) = \frac12\left(\mu^2+\sigma^2-1-\ln\sigma^2\right)",
    r"D_{KL}(q_\phi(z|x)\,\|\,p(z)) = -\frac{1}{2}\sum_{j=1}^{J}\left(1+\log((\sigma_j^{(i)})^2)-(\mu_j^{(i)})^2"
    r"-(\sigma_j^{(i)})^2\right)",
    r"$$\mathrm{KL}(q \| \mathcal{N}(0, 1)) = \frac{1}{2}\left(\mu^2 + \sigma^2 - 2\ln\sigma - 1\right)$$",
)
WRAPPED = ("${}$", "$${}$$", r"\({}\)", r"\[ {} \]", r"\[ {}. \]", r"\begin{{equation*}} {} ,\end{{equation*}}",
           " {} ;",
           r"D_{{KL}}(p\|q) = {}", r"$\mathrm{{KL}}[p \,\|\, q] = {}$",
           r"\[D_{{\text{{KL}}}}\big(p \mid\mid q\big) := {}\]",
           r"D(p \Vert q) &= {}")  # fmt: skip

_DUNDER, _FRAMES = (
    "__import__('os').system('true')",
    ("${}$", r"\[{}\]", "D(p||q) = {}", "sum({})", r"\sum_j {}", "½·{}"),
)
ATTACKS = tuple(frame.format(inside) for frame in _FRAMES for inside in (
    _DUNDER, "s1.__class__", "s1.__class__.__mro__", "9**9**9**9", "s1**99", "log(" * 60 + "s1" + ")" * 60, "s1\x00",
    "ѕ1", "ｓ1", r"\input{/etc/passwd}", r"\def\a{b}", r"\href{javascript:alert(1)}{a}", "<script>alert(1)</script>",
    "",
    "s1" * 5000,
)) + (
    f"{_DUNDER} = s1", "D(p||q).__class__ = s1", r"D(\input{a}||q)() = s1", "sum(s1, out=s2)", "sum(s1, axis=s2)",
    "sum(*s1)", "sum(s1, dim=(lambda: 1))", "sum(s1, dim=__import__)", "s1.sum(s2.sum)", "tf.math.__log__(s1)",
    "tf.io.read_file(s1)", "torch.load(s1)", "os.system(s1)", "np.ndarray.sum(s1)", r"\sum_{\input{a}} s",
    r"\sum^{__} s", r"\sum_j" * 60 + " s", r"\bm{\input{a}}", r"\log_{9^9} s", "$" * 400,
    "= " * 200, "D(p||q) = " * 40, "²" * 400,
    "√" * 400, "½" * 499, "σ\u200bσ", "σ" * 40, "\u202eσ",
    "\\|" * 200, "\\begin{align}" * 30,
    "\\begin{verbatim}s\\end{verbatim}",
)  # fmt: skip
