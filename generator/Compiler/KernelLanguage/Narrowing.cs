using System.Linq;

namespace Strata.Compiler.KernelLanguage;

/// <summary>Turns a kernel on vectors into one on single floats, if there are too few elements to fill lanes.</summary>
internal sealed class Narrowing : Rewriter
{
    private static readonly Narrowing Pass = new();

    public static Nest Narrow(Nest nest) => Pass.Visit(nest);

    /// <summary>The same for a part of a kernel that uses none of its vectors.</summary>
    public static Block Narrow(Block block) => Pass.Visit(block);

    protected override Pointer Visit(Pointer pointer) => pointer with { Element = pointer.Element.Lane };

    protected override Expression Visit(Expression expression) => expression switch
    {
        Constant constant => constant.As(constant.Type.Lane),
        Variable variable => new Variable(variable.Name, variable.Type.Lane),
        Default value => new Default(value.Type.Lane),
        Load load => new Load(Visit(load.Source), load.Type.Lane),
        Broadcast broadcast => Visit(broadcast.Operand),
        Call { Function: { Home: FunctionClass.Intrinsic, Name: nameof(Intrinsics.Sum) } } sum => Visit(sum.Arguments[0]),
        Call { Function: RuntimeMember member } call when RuntimeApi.LaneOf(member) is var lane && lane != member =>
            lane.Call([.. call.Arguments.Select(Visit)]),
        _ => base.Visit(expression),
    };
}
