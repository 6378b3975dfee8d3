using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>A formula of the elements of one or two tensors and of trained numbers. Its gradients follow from the formula.</summary>
/// <param name="Identifier">A C# identifier, after which kernels name functions.</param>
/// <param name="Title">What comments of generated code call it.</param>
/// <param name="Value">The formula, in terms of <paramref name="Variables"/> and the variables of the numbers.</param>
/// <param name="Variables">The variables for the elements of the inputs.</param>
internal sealed record ElementwiseDefinition(
    string Identifier, string Title, Expression Value, EquatableArray<Variable> Variables, EquatableArray<ElementParameter> Numbers)
    : LayerDefinition
{
    public override IEnumerable<string> ParameterSuffixes => Numbers.Select(number => number.Suffix);

    public override bool TakesManyAxes => true;

    public override LayerResult? Build(LayerContext layer)
    {
        if (layer.Inputs is not { } inputs || layer.HasErrors)
        {
            return null;
        }

        if (inputs.Count != Variables.Count)
        {
            layer.Report(BranchProblems.TooFew(
                layer.Here, Arithmetic.Count(inputs.Count, "tensor"),
                $"It takes {Arithmetic.Number(Variables.Count)}, as many as its method Value has parameters"));
            return null;
        }

        if (Variables.Count == 1 && Numbers.Count == 0)
        {
            return new LayerResult(Activation(), inputs[0].Shape);
        }

        if (Variables.Count == 2 && Differences(inputs[0].Shape, inputs[1].Shape) is { Length: > 0 } differences)
        {
            layer.Report(BranchProblems.Differ(
                layer.Here, "one shape, or of 1 element along an axis", inputs[0], inputs[1], differences,
                "Give both the same extents, or one of them a single element along that axis"));
            return null;
        }

        // The operation for sums needs no gradients of its own. A trained number is a variable, too, but no tensor.
        if (Value is Binary { Operator: BinaryOperator.Add, Left: Variable, Right: Variable } sum && sum.Left != sum.Right
            && Variables.Count == 2 && Numbers.Count == 0 && inputs[0].Shape == inputs[1].Shape)
        {
            return new LayerResult(new AddOperation(), inputs[0].Shape);
        }

        // Users choose the variables' names, which may be those of locals in kernels. No name of C# begins with this sign.
        Dictionary<Expression, Variable> own = Variables.Select((variable, i) => (variable, i))
            .ToDictionary(pair => (Expression)pair.variable, pair => new Variable($"#{Arithmetic.Number(pair.i)}"));
        var function = new ElementFunction(
            Value.Replace(part => own.TryGetValue(part, out Variable? variable) ? variable : null),
            Variables.Zip(inputs, (variable, input) => new ElementInput(own[variable], input.Shape)).ToEquatableArray(), Numbers)
        {
            Name = (Identifier, Title),
        };
        return new LayerResult(function, function.Result);
    }

    /// <summary>The formula as an activation, if it has one input and no trained numbers. It is fused with the layer before it.</summary>
    private Activation Activation()
    {
        Variable x = Graph.Activation.X;
        Expression value = Value.Replace(part => part.Equals(Variables[0]) ? x : null);
        Expression gradient = Graph.Activation.Derive(value);
        return new Activation(Identifier, Title, value, gradient, Monotonicity.IsProvenIncreasing(value, x))
        {
            IsFinite = Ranges.IsProvenFinite(value) && Ranges.IsProvenFinite(gradient),
        };
    }

    /// <summary>The axes along which two shapes cannot be broadcast, as in PyTorch; empty if there are none.</summary>
    private static string Differences(Shape left, Shape right)
    {
        if (left.Rank != right.Rank)
        {
            return $"rank {Arithmetic.Number(left.Rank)} ≠ {Arithmetic.Number(right.Rank)}";
        }

        if (left.Rank > Shape.VolumeRank)
        {
            return left == right ? "" : $"{left} ≠ {right}";
        }

        (string Name, Func<Shape, int> Extent)[] axes =
        [
            (left.Rank == 1 ? "features" : "channels", shape => shape.Channels), ("depth", shape => shape.Depth),
            ("height", shape => shape.Height), (left.Rank == 2 ? "length" : "width", shape => shape.Width),
        ];
        return string.Join(", ", axes
            .Select(axis => (axis.Name, Left: axis.Extent(left), Right: axis.Extent(right)))
            .Where(axis => axis.Left != axis.Right && axis.Left != 1 && axis.Right != 1)
            .Select(axis => $"{axis.Name} {Arithmetic.Number(axis.Left)} ≠ {Arithmetic.Number(axis.Right)}"));
    }
}
