using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class SquareRoot : ElementaryFunction
{
    public override string Kind => "Sqrt";

    public override string Stem => "sqrt";

    public override OperatorDocumentation Documentation => new("[Sqrt]", "unchanged", "y = √x; NaN below 0", "torch.sqrt", "ops.sqrt");

    public override IReadOnlyList<OperatorCase> Cases => ["Sigmoid, Sqrt", "Abs, Sqrt"];

    protected override Expression Value(Expression x) => Functions.Sqrt(x);
}
