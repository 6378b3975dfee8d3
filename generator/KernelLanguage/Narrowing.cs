namespace Strata.Generator.KernelLanguage;

/// <summary>Turns a kernel on vectors into one on single floats, if there are too few elements to fill lanes.</summary>
internal sealed class Narrowing : Rewriter
{
    private static readonly Narrowing Pass = new();

    public static Nest Of(Nest nest) => Pass.Visit(nest);

    protected override Pointer Visit(Pointer pointer) => pointer with { Element = Narrow(pointer.Element) };

    protected override Expression Visit(Expression expression) => expression switch
    {
        Constant constant => constant.As(Narrow(constant.Kind)),
        Variable variable => new Variable(variable.Name, Narrow(variable.Kind)),
        Default value => new Default(Narrow(value.Kind)),
        Load load => new Load(Visit(load.Source), Narrow(load.Kind)),
        Broadcast broadcast => Visit(broadcast.Operand),
        Call { Function: { Home: FunctionClass.Simd, Name: "Sum" } } sum => Visit(sum.Arguments[0]),
        _ => base.Visit(expression),
    };

    private static ElementType Narrow(ElementType type) => type with { IsWide = false };
}
