using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class NotFunction : ElementaryFunction
{
    public override string Kind => "Not";

    public override string Stem => "not";

    public override OperatorDocumentation Documentation => new(
        "[Not]", "unchanged", "y = 1 where x = 0, else 0", "torch.logical_not", "ops.logical_not");

    // Many elements of these are 0.
    public override IReadOnlyList<OperatorCase> Cases => ["ReLU, Not", "Round, Not"];

    protected override Expression Value(Expression x) => Expression.Select(Expression.AreEqual(x, 0), 1, 0);
}
