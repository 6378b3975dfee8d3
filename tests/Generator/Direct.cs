using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;

namespace Strata.Generator.Tests;

/// <summary>Operators without a compilation around them, for tests of many combinations.</summary>
internal static class Direct
{
    public static Shape? Shape(Shape input, string kind, params (string Name, object Value)[] arguments) =>
        Build(input, kind, arguments)?.Shape;

    public static Operation? Operation(Shape input, string kind, params (string Name, object Value)[] arguments) =>
        Build(input, kind, arguments)?.Operation;

    private static LayerResult? Build(Shape input, string kind, (string Name, object Value)[] values)
    {
        var arguments = new AttributeArguments(new AttributeDeclaration(
            AttributeDeclaration.BuiltInType(kind),
            values.Select(argument => new AttributeArgument(argument.Name, argument.Value)).ToEquatableArray()));
        return ((LayerOperator)OperatorSet.FindBuiltIn(kind)!).Bind(arguments)
            .Build(new LayerContext(new Site(0, ""), kind, new ProblemLog(), "tested", [new LayerInput(input)]));
    }
}
