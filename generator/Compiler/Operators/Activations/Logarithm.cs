using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Logarithm : ElementaryFunction
{
    public override string Kind => "Log";

    public override string Stem => "log";

    public override OperatorDocumentation Documentation => new("[Log]", "unchanged", "y = ln x; NaN below 0", "torch.log", "ops.log");

    public override IReadOnlyList<OperatorCase> Cases => ["Sigmoid, Log", "Abs, Affine(1, 0.5), Log"];

    protected override Expression Value(Expression x) => Functions.Log(x);
}
