using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Scale : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Normalization;

    public override string Kind => "Scale";

    public override bool HasStatistics => false;

    public override string Stem => "scale";

    public override OperatorDocumentation Documentation => new(
        "[Scale]", "unchanged", "y = γ[c]·x + β[c] with learned γ and β; with PerElement each element has its own", "weight * x + bias",
        "LayerScale");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "Scale", "Scale(Bias = false)", "Scale(PerElement = true)",
            "Scale(Bias = false, Name = \"layer_scale\", Key = \"\")", "Scale(Key = \"gamma\")", "Conv2D(3, 3), Scale",
            "Scale(Initial = 1e-6)"),
        .. In(Flat, "Scale", "Scale(PerElement = true)"),
        .. In(Volume, "Scale(PerElement = true)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Bias", true), Property("PerElement", false), Initial("Initial", 1.0), Property("Key", ScaleDefinition.DefaultKey),
        (bias, perElement, initial, key) => new ScaleDefinition(bias, perElement, initial, key));
}

/// <summary>A learned factor and summand for each channel, or for each element.</summary>
/// <param name="Initial">The initial value of the factors.</param>
/// <param name="Key">The last part of the factors' key. If it is empty, the key is the layer's name.</param>
internal sealed record ScaleDefinition(Argument<bool> Bias, Argument<bool> PerElement, Argument<double> Initial, Argument<string> Key)
    : LayerDefinition
{
    public const string DefaultKey = "weight";

    public override IEnumerable<string> ParameterSuffixes => WeightAnd(Bias);

    public override LayerResult? Build(LayerContext layer)
    {
        double initial = layer.Finite(Initial);
        CheckKey(layer);
        if (layer.HasErrors || layer.Input is not { } input)
        {
            return null;
        }

        // A flat tensor has one element in each channel.
        var numbers = new ScaleNumbers(Bias.Value, initial, Key.Value);
        return new LayerResult(
            PerElement.Value && input.Rank > 1 ? new ElementScale(numbers) : new ChannelScale(numbers), input);
    }

    private void CheckKey(LayerContext layer)
    {
        string key = Key.Value, found = $"\"{key}\"";
        if (!key.All(c => char.IsLetterOrDigit(c) || c == '_'))
        {
            layer.Report(ArgumentProblems.OutOfRange(layer.At(Key.Name), Key.Name, found, "letters, digits and underscores"));
        }
        else if (Bias.Value && (key.Length == 0 || key == ScaleNumbers.Bias))
        {
            layer.Report(ArgumentProblems.OutOfRange(
                layer.At(Key.Name), Key.Name, found,
                key.Length == 0 ? "a name, or Bias = false: two parameters need two keys"
                    : "another name, or Bias = false: the bias has it").FixedBy(Fix.Set("Bias", "false")));
        }
    }
}

/// <summary>The learned numbers of a scale: <c>weight</c>, and perhaps <c>bias</c>.</summary>
/// <param name="Initial">The initial value of the weight.</param>
/// <param name="Key">The last part of the weight's key. If it is empty, the key is the layer's name.</param>
internal sealed record ScaleNumbers(bool HasBias, double Initial, string Key)
{
    public const string Weight = "weight", Bias = "bias";

    /// <param name="own">One number for each channel.</param>
    /// <param name="broadcast">The same with an extent for each axis of the input.</param>
    public EquatableArray<ParameterSpec> Parameters(int[] own, int[] broadcast, bool isReadInRows = false)
    {
        var weight = new ParameterSpec(
            Weight, (Key.Length > 0 ? own : broadcast).ToEquatableArray(), Initializer.Ones, 1, 1)
        {
            Role = ParameterRole.NormWeight,
            OwnKey = Key == Weight ? null : Key,
            Gain = Initial,
            IsReadInRows = isReadInRows,
        };
        var bias = new ParameterSpec(Bias, own.ToEquatableArray(), Initializer.Zeros, 1, 1)
        {
            Role = ParameterRole.NormBias,
            IsReadInRows = isReadInRows,
        };
        return HasBias ? EquatableArray.Of(weight, bias) : EquatableArray.Of(weight);
    }
}

/// <summary>
/// y = γ[c]·x + β[c]. It is written so that it gives the same bits whether it is computed by itself or with the layer before or after it.
/// </summary>
internal sealed record ChannelScale(ScaleNumbers Numbers) : LoopOperation
{
    /// <summary>What kernels get as shift if there is no bias.</summary>
    private const string NoShift = "shift";

    public override Dependence Dependence => Dependence.Channel;

    public override bool TakesActivation => true;

    public override bool TrainsInBlocks => true;

    public override (string Scale, string Shift)? AsChannelScale =>
        (ScaleNumbers.Weight, Numbers.HasBias ? ScaleNumbers.Bias : NoShift);

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    public override EquatableArray<ParameterSpec> Parameters(Shape input) =>
        Numbers.Parameters([input.Channels], [input.Channels, .. Enumerable.Repeat(1, input.Rank - 1)]);

    public override IEnumerable<(string Name, int Length)> Derived(Shape input) => Numbers.HasBias ? [] : [(NoShift, input.Channels)];

    public override void Derive(LoopPass pass)
    {
        if (!Numbers.HasBias)
        {
            // x + −0 is x, also where x is −0.
            pass.Step("no shift", k => k.For(
                [("c", Arithmetic.CeilingDivide(pass.Channels, pass.Lanes))], at => pass.Derived(NoShift)[at[0]] = -0.0), name: "Derive");
        }
    }

    public override void Forward(LoopPass pass) => pass.Step("", k => k.ForChannels(pass.Input, c =>
    {
        Variable weight = k.Let("weight_c", pass.Parameter(ScaleNumbers.Weight)[c]);
        Variable? bias = Numbers.HasBias ? k.Let("bias_c", pass.Parameter(ScaleNumbers.Bias)[c]) : null;
        k.ForPixels(pass.Input, c, at => pass.Output[at] =
            bias is null ? pass.Input[at] * weight : Intrinsics.MultiplyAddEstimate(pass.Input[at], weight, bias));
    }));

    public override void Backward(LoopPass pass) => new ElementGradients(Function(pass.Input.Shape), pass).Record();

    /// <summary>The same as a formula, for the gradients.</summary>
    private ElementFunction Function(Shape input)
    {
        (Variable x, Variable weight, Variable bias) = (new("x"), new("w"), new("b"));
        ElementParameter[] numbers =
        [
            new(weight, ScaleNumbers.Weight, Numbers.Initial, PerChannel: true),
            .. Numbers.HasBias ? [new ElementParameter(bias, ScaleNumbers.Bias, 0, PerChannel: true)] : (ElementParameter[])[],
        ];
        return new ElementFunction(
            Numbers.HasBias ? (x * weight) + bias : x * weight, EquatableArray.Of(new ElementInput(x, input)), numbers.ToEquatableArray());
    }
}

/// <summary>y = γ·x + β with a γ and a β for each element. Lanes hold the pixels of a row, as γ and β lie in memory.</summary>
internal sealed record ElementScale(ScaleNumbers Numbers) : LoopOperation
{
    public override Dependence Dependence => Dependence.Pixel;

    public override bool TakesActivation => true;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    public override EquatableArray<ParameterSpec> Parameters(Shape input) =>
        Numbers.Parameters(input.Extents, input.Extents, isReadInRows: true);

    public override void Forward(LoopPass pass) => pass.Step("", k => k.ForEach(pass.Input, at =>
    {
        LoopTensor x = pass.Input;
        Variable weight = k.Let("w", pass.Parameter(ScaleNumbers.Weight).ValueAt(x.Shape, at));
        pass.Output[at] = !Numbers.HasBias ? x[at] * weight
            : Intrinsics.MultiplyAddEstimate(x[at], weight, k.Let("b", pass.Parameter(ScaleNumbers.Bias).ValueAt(x.Shape, at)));
    }));

    public override void Backward(LoopPass pass) => pass.Step("", k => k.ForEach(pass.Input, at =>
    {
        Variable g = k.Let("g", pass.OutputGradient[at]);
        if (pass.HasGradient(ScaleNumbers.Weight))
        {
            pass.ParameterGradient(ScaleNumbers.Weight).AddGradient(pass.Input.Shape, at, g * pass.Input[at]);
        }

        if (Numbers.HasBias && pass.HasGradient(ScaleNumbers.Bias))
        {
            pass.ParameterGradient(ScaleNumbers.Bias).AddGradient(pass.Input.Shape, at, g);
        }

        if (pass.InputGradient is { } dx)
        {
            dx[at] = g * pass.Parameter(ScaleNumbers.Weight).ValueAt(pass.Input.Shape, at);
        }
    }));
}
