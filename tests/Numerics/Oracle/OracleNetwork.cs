using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>A parameter as PyTorch's state_dict names it.</summary>
internal sealed record OracleParameter(string Key, int[] Shape, int Layer)
{
    public int Length => Shape.Aggregate(1, (a, b) => a * b);

    /// <summary>Inputs of one output.</summary>
    public int FanIn => Length / Shape[0];
}

/// <summary>
/// A stack of layers computed by plain loops in double precision, with PyTorch's semantics. It shares no code
/// with the generator, and it renders itself as the declaration from which the generator works.
/// </summary>
internal sealed class OracleNetwork
{
    private readonly Extents[] _extents;

    /// <summary>How many layers stand before each one of the stack, those inside branches included.</summary>
    private readonly int[] _before;

    public OracleNetwork(Extents input, IReadOnlyList<Layer> layers, Objective? objective = null, bool inputGradient = false)
    {
        Input = input;
        Layers = layers;
        Objective = objective ?? Objective.None;
        InputGradient = inputGradient;
        _extents = new Extents[layers.Count + 1];
        _extents[0] = input;
        _before = new int[layers.Count];
        var walk = new List<(Layer Layer, Extents Input)>();
        var counts = new Dictionary<string, int>();
        var parameters = new List<OracleParameter>();
        for (int i = 0; i < layers.Count; i++)
        {
            _extents[i + 1] = layers[i].Output(_extents[i]);
            _before[i] = walk.Count;
            foreach ((Layer layer, Extents extents) in layers[i].Walk(_extents[i]))
            {
                walk.Add((layer, extents));
                counts[layer.Prefix] = counts.GetValueOrDefault(layer.Prefix) + 1;
                foreach ((string suffix, int[] shape) in layer.Parameters(extents))
                {
                    parameters.Add(new OracleParameter($"{layer.Prefix}{counts[layer.Prefix]}.{suffix}", shape, i));
                }
            }
        }

        Walk = walk;
        Parameters = parameters;
        Weights = [.. parameters.Select(p => new Numbers(p.Length))];
    }

    public Extents Input { get; }

    /// <summary>The stack, in which a group of branches counts as one layer.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>Every layer of the declaration, with its input.</summary>
    public IReadOnlyList<(Layer Layer, Extents Input)> Walk { get; }

    public Objective Objective { get; }

    public bool InputGradient { get; }

    public Extents Output => _extents[^1];

    public IReadOnlyList<OracleParameter> Parameters { get; }

    /// <summary>The values of <see cref="Parameters"/>, in their order.</summary>
    public IReadOnlyList<Numbers> Weights { get; }

    public long MultiplyAdds => Walk.Sum(step => step.Layer.MultiplyAdds(step.Input));

    /// <summary>Elements of the largest tensor.</summary>
    public int LargestTensor => Tensors.Max(e => e.Length);

    public bool IsValid => Tensors.All(e => e is { Channels: > 0, Depth: > 0, Height: > 0, Width: > 0 });

    public bool HasDropout => Walk.Any(step => step.Layer is Dropout { Rate: > 0 });

    private IEnumerable<Extents> Tensors => Walk.Select(step => step.Layer.Output(step.Input)).Prepend(Input);

    private bool IsFused => Objective.IsFusedWith(Layers[^1]);

    public Extents ExtentsBefore(int layer) => _extents[layer];

    /// <summary>The class declaration, as a user would write it.</summary>
    public string Declaration(string name)
    {
        var text = new StringBuilder();
        text.Append(InputGradient ? "[Network(InputGradient = true)]\n" : "[Network]\n");
        text.Append("[Input(").Append(string.Join(", ", Input.ToArray())).Append(")]\n");
        foreach (Layer layer in Layers)
        {
            text.Append('[').Append(layer.Attribute).Append("]\n");
        }

        if (Objective != Objective.None)
        {
            text.Append('[').Append(Objective.Attribute).Append("]\n");
        }

        return text.Append("public sealed partial class ").Append(name).Append(";\n").ToString();
    }

    /// <summary>Computes one sample and keeps every tensor on the way.</summary>
    public Pass Forward(ReadOnlySpan<float> input, bool training = false, int sample = 0, DropoutMask? mask = null) =>
        Forward(Numbers.Exact(input), training, sample, mask);

    public Pass Forward(Numbers input, bool training = false, int sample = 0, DropoutMask? mask = null)
    {
        var context = new PassContext { Training = training, Sample = sample, Mask = mask };
        var tensors = new Numbers[Layers.Count + 1];
        tensors[0] = input;
        for (int i = 0; i < Layers.Count; i++)
        {
            tensors[i + 1] = new Numbers(_extents[i + 1].Length);
            context.Layer = _before[i] + 1;
            Layers[i].Forward(context, _extents[i], tensors[i], tensors[i + 1], WeightsOf(i));
        }

        return new Pass(context, tensors);
    }

    /// <summary>One sample's part of the batch's loss.</summary>
    /// <param name="pass">The sample's forward pass.</param>
    /// <param name="target">Its target.</param>
    /// <param name="divisor">What the batch's sum is divided by: <see cref="Objective.Divisor"/>.</param>
    public (double Loss, double Variance) Loss(Pass pass, Target target, double divisor)
    {
        (double loss, double variance) = Objective.Loss(Logits(pass), target);
        return (loss / divisor, variance / Square(divisor));
    }

    /// <summary>Adds one sample's gradient of the batch's loss.</summary>
    public void Backward(Pass pass, Target target, double divisor, GradientSums gradients)
    {
        Numbers gradient = Objective.Gradient(Logits(pass), target);
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient.Value[i] /= divisor;
            gradient.Variance[i] /= Square(divisor);
        }

        // A fused layer and the loss are one function of the logits.
        Propagate(pass, gradient, Layers.Count - (IsFused ? 1 : 0), gradients);
    }

    /// <summary>Adds the gradient of Σ outputGradient · output.</summary>
    public void Backward(Pass pass, ReadOnlySpan<float> outputGradient, GradientSums gradients) =>
        Propagate(pass, Numbers.Exact(outputGradient), Layers.Count, gradients);

    private static double Square(double value) => value * value;

    private Numbers Logits(Pass pass) => pass.Tensors[Layers.Count - (IsFused ? 1 : 0)];

    private void Propagate(Pass pass, Numbers gradient, int top, GradientSums gradients)
    {
        for (int i = top - 1; i >= 0; i--)
        {
            var next = new Numbers(_extents[i].Length);
            var own = new List<Sums>();
            for (int k = 0; k < Parameters.Count; k++)
            {
                if (Parameters[k].Layer == i)
                {
                    own.Add(gradients.Parameters[k]);
                }
            }

            pass.Context.Layer = _before[i] + 1;
            Layers[i].Backward(
                pass.Context, _extents[i], pass.Tensors[i], pass.Tensors[i + 1], gradient, next, WeightsOf(i), own);
            gradient = next;
        }

        gradients.Input = gradient;
    }

    private List<Numbers> WeightsOf(int layer)
    {
        var own = new List<Numbers>();
        for (int k = 0; k < Parameters.Count; k++)
        {
            if (Parameters[k].Layer == layer)
            {
                own.Add(Weights[k]);
            }
        }

        return own;
    }
}

/// <summary>The tensors of one sample's forward pass.</summary>
internal sealed record Pass(PassContext Context, Numbers[] Tensors)
{
    public Numbers Output => Tensors[^1];
}

/// <summary>Gradients of the parameters, summed over samples, and of the last sample's input.</summary>
internal sealed class GradientSums(OracleNetwork network)
{
    public IReadOnlyList<Sums> Parameters { get; } = [.. network.Parameters.Select(p => new Sums(p.Length))];

    public Numbers? Input { get; set; }

    /// <summary>The sums times a factor, such as 1/n for samples that were added with a batch of 1.</summary>
    public IReadOnlyList<Numbers> Result(double factor = 1) => [.. Parameters.Select(sums =>
    {
        var numbers = new Numbers(sums.Length);
        sums.Store(numbers, factor);
        return numbers;
    })];
}
