using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Diagnostics;
using Strata.Generator.Foundation;
using Strata.Generator.Graph;
using Strata.Generator.Operators;

namespace Strata.Generator.Tests;

/// <summary>Operators without a compilation around them, for tests of many combinations.</summary>
internal static class Direct
{
    public static Shape? Shape(Shape input, string kind, params (string Name, object Value)[] arguments) =>
        Build(input, kind, arguments)?.Shape;

    public static Operation? Operation(Shape input, string kind, params (string Name, object Value)[] arguments) =>
        Build(input, kind, arguments)?.Operation;

    private static LayerResult? Build(Shape input, string kind, (string Name, object Value)[] arguments)
    {
        var attribute = new AttributeDeclaration(
            kind, arguments.Select(argument => new AttributeArgument(argument.Name, argument.Value)).ToEquatableArray());
        var problems = new List<Problem>();
        return ((LayerOperator)OperatorCatalog.Find(kind)!)
            .Build(new LayerContext(new Site(0, ""), attribute, problems, "tested", [new LayerInput(input)]));
    }
}
