using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class FloorFunction : ElementaryFunction
{
    public override string Kind => "Floor";

    public override string Stem => "floor";

    public override OperatorDocumentation Documentation => new(
        "[Floor]", "unchanged", "y = ⌊x⌋", "torch.floor", "ops.floor");

    protected override Expression Value(Expression x) => Functions.Floor(x);
}
