using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;

namespace Strata.Onnx.Layers;

/// <summary>Makes layers as the compiler would of their attributes: it checks the arguments and infers the shape.</summary>
internal static class LayerMaker
{
    /// <summary>A layer. Arguments that equal the operator's defaults are left out.</summary>
    /// <param name="kind">The operator's name: <c>Conv2D</c>.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="arguments">Its arguments. Those without a name have the name of their place.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="path">Where it stands in the module that was exported.</param>
    /// <exception cref="UnsupportedException">The compiler would refuse the layer.</exception>
    public static Layer Make(
        string kind, IReadOnlyList<LayerTensor> inputs, IReadOnlyList<LayerArgument> arguments, IReadOnlyList<LayerParameter> parameters,
        string path)
    {
        var known = (LayerOperator)OperatorSet.FindBuiltIn(kind)!;
        ArgumentSpec[] specs = [.. known.Arguments, .. CommonArguments.OfLayers];
        IReadOnlyList<LayerArgument> written = Written(arguments, specs);
        var problems = new ProblemLog();
        LayerResult? made = known.Make(
            written.Select((argument, i) => AttributeArgument.Create(argument.Name ?? specs[i].Name, argument.Value)),
            InputsOf(known, inputs), problems);
        return problems.Told().FirstOrDefault(problem => problem.IsError) is { } problem
            ? throw new UnsupportedException(Refusal(kind, problem))
            : new Layer(kind, inputs, made!.Shape.Extents)
            {
                Made = made,
                Arguments = written,
                Parameters = parameters,
                Path = path,
            };
    }

    /// <summary>What the compiler says of the layer, without its name, which it does not have yet.</summary>
    private static string Refusal(string kind, Problem problem)
    {
        string message = problem.Message;
        int end = message.IndexOf("': ", StringComparison.Ordinal);
        return $"it would be [{kind}]: {(end < 0 ? message : message[(end + 3)..]).TrimEnd('.')}";
    }

    private static IReadOnlyList<LayerInput> InputsOf(LayerOperator known, IReadOnlyList<LayerTensor> inputs) =>
        known.PartnerArgument is null ? [.. inputs.Select(InputOf)]
            : [InputOf(inputs[0]), InputOf(inputs[1]), InputOf(((Layer)inputs[1]).Inputs[0])];

    private static LayerInput InputOf(LayerTensor tensor) => new(Shape.Of(tensor.Shape))
    {
        Operation = (tensor as Layer)?.Made?.Operation,
    };

    /// <summary>The arguments that have to be written: those that differ from the operator's defaults.</summary>
    private static IReadOnlyList<LayerArgument> Written(IReadOnlyList<LayerArgument> arguments, ArgumentSpec[] specs)
    {
        var positional = arguments.Where(argument => argument.Name is null).ToList();
        while (positional.Count > 0 && specs[positional.Count - 1] is { Form: ArgumentForm.Optional } last
            && IsDefault(last, positional[^1].Value))
        {
            positional.RemoveAt(positional.Count - 1);
        }

        return
        [
            .. positional,
            .. arguments.Where(argument => argument.Name is not null
                && !IsDefault(Array.Find(specs, spec => spec.Name == argument.Name), argument.Value)),
        ];
    }

    private static bool IsDefault(ArgumentSpec? spec, object value) =>
        spec is { HasDefault: true }
        && Equals(AttributeArgument.Create("", value).Value, AttributeArgument.Create("", spec.Default!).Value);
}
