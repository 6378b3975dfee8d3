namespace Strata.Compiler.Operators;

/// <summary>The base of the layers whose tensor is the network's own: they read no other.</summary>
internal abstract class SourceOperator : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Sources;

    public sealed override bool IsSource => true;

    protected static readonly IArgumentSource<EquatableArray<Argument<int>>> Extents = NumberList.Named(NumberList.ExtentNames);

    protected static readonly ArgumentSpec<double> InitialValue = Initial("Initial", 0.0);

    protected static readonly ArgumentSpec<bool> BatchAxis = Property("BatchAxis", false);
}
