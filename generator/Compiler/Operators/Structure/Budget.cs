using System.Collections.Generic;

namespace Strata.Compiler.Operators;

/// <summary>Limits of what the network costs.</summary>
internal sealed class Budget : Operator
{
    public static readonly ArgumentSpec<long> Parameters = new(nameof(Parameters), ArgumentForm.Property, 0),
        MultiplyAdds = new(nameof(MultiplyAdds), ArgumentForm.Property, 0),
        ActivationBytes = new(nameof(ActivationBytes), ArgumentForm.Property, 0);

    public static readonly ArgumentSpec<double> Milliseconds = new(nameof(Milliseconds), ArgumentForm.Property, 0),
        Gigahertz = new(nameof(Gigahertz), ArgumentForm.Property, 3);

    public static readonly ArgumentSpec<string> CpuFamily = new("Family", ArgumentForm.Property, "Zen 5");

    public override OperatorFamily Family => OperatorFamily.Structure;

    public override string Kind => nameof(Budget);

    public override IReadOnlyList<ArgumentSpec> Arguments =>
        [Parameters, MultiplyAdds, ActivationBytes, Milliseconds, CpuFamily, Gigahertz];

    public override OperatorDocumentation Documentation => new(
        "[Budget(Parameters = 5_000_000)]", "that of the tensor before it", "limits of parameters, multiply-adds, bytes and time", "", "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Budget(Parameters = 200, MultiplyAdds = 20_000, ActivationBytes = 9_000), Conv2D(5, 3)",
        "Budget(Milliseconds = 1, Family = \"Zen 3\", Gigahertz = 4), Conv2D(3, 3), ReLU",
    ];
}
