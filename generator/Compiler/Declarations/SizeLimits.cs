using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>The limits of a network's size. They are checked while the network is built, before a count overflows.</summary>
internal sealed class SizeLimits(string network, NetworkSettings settings, ProblemLog problems)
{
    /// <summary>
    /// The most values of a tensor, including padding. The widest tier computes 16 samples at once, and kernels count with
    /// 32 bits.
    /// </summary>
    private const int MaxValues = int.MaxValue / 16;

    /// <summary>The most parameters of a network: 4 GiB. The rest of the 32 bits is room for the padding of packed weights.</summary>
    private const int MaxParameters = 1 << 30;

    /// <summary>The number of parameters so far. For a network that is far too large, a long could overflow.</summary>
    public decimal Parameters { get; private set; }

    /// <summary>Whether a tensor is small enough. If it is not, this is reported.</summary>
    public static bool Fits(DefinitionContext context, Shape shape, string what)
    {
        // The product of four extents has up to 124 bits.
        BigInteger values = (BigInteger)shape.Channels * shape.Depth * shape.Height * shape.Width;
        if (values <= MaxValues)
        {
            return true;
        }

        context.Report(ShapeProblems.TooMany(
            context.Here, $"{what}, {Arithmetic.Equation(Arithmetic.Product(shape.Extents), values)} values,", MaxValues));
        return false;
    }

    /// <summary>Adds the number of a layer's parameters. If there are too many, this is reported, and the result is false.</summary>
    public bool CountParameters(LayerContext context, IEnumerable<ParameterSpec> parameters)
    {
        decimal before = Parameters;
        foreach (ParameterSpec parameter in parameters.Where(parameter => parameter.Role != ParameterRole.Buffer))
        {
            Parameters += parameter.Extents.Aggregate(1m, (product, extent) => product * extent);
        }

        if (Parameters <= MaxParameters)
        {
            return true;
        }

        string sum = before == 0
            ? $"the number of parameters, {Text(Parameters)},"
            : $"the number of parameters, {Text(before)} + {Text(Parameters - before)} = {Text(Parameters)},";
        context.Report(ShapeProblems.TooMany(context.Here, sum, MaxParameters));
        return false;
    }

    /// <summary>Checks all inputs, and all outputs, together. The caller's arrays hold them, and are counted with 32 bits, too.</summary>
    public void CheckSums(IReadOnlyList<TensorSurface> inputs, IReadOnlyList<TensorSurface> outputs, IReadOnlyList<Node> nodes)
    {
        var subject = new Subject(Site.Class, $"Network '{network}'");
        Check("the sum of its inputs", inputs);
        Check("the sum of its outputs", outputs);
        long observed = nodes.WithCancellation().Where(node => node.Inputs.Count > 0 && node.PartOf is null)
            .Sum(node => (long)node.Shape.Length);
        if (settings.Observable && observed > int.MaxValue)
        {
            problems.Add(ShapeProblems.Uncountable(
                subject, $"the sum of its layers, which Observable keeps, {Arithmetic.Number(observed)} values,"));
        }

        void Check(string what, IEnumerable<TensorSurface> tensors)
        {
            long[] lengths = tensors.Select(tensor => tensor.Shape is { } shape ? shape.Length : 0L).ToArray();
            if (lengths.Length > 1 && lengths.Sum() is var sum && sum > MaxValues)
            {
                string formula = Arithmetic.Equation(string.Join(" + ", lengths.Select(Arithmetic.Number)), sum);
                problems.Add(ShapeProblems.TooMany(subject, $"{what}, {formula} values,", MaxValues));
            }
        }
    }

    private static string Text(decimal number) => number.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
}
