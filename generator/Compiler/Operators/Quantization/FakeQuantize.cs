using System;
using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Expression;

namespace Strata.Compiler.Operators;

internal sealed class FakeQuantize : LayerOperator
{
    /// <summary>The widest range of integers: those that have 16 bits, with a sign or without.</summary>
    public const int LeastInteger = short.MinValue, MostInteger = ushort.MaxValue;

    public override OperatorFamily Family => OperatorFamily.Quantization;

    public override string Kind => "FakeQuantize";

    public override string Stem => "quant";

    public override OperatorDocumentation Documentation => new(
        "[FakeQuantize]", "unchanged",
        "y = (q − z)·s, where q = round(x/s) + z is clamped to QuantMin … QuantMax; gradients go straight through",
        "ao.quantization.FakeQuantize", "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "FakeQuantize(Scale = 0.05, ZeroPoint = 10)", "FakeQuantize(QuantMin = -8, QuantMax = 7, Scale = 0.1)",
        "FakeQuantize(Scale = 0.02, ZeroPoint = 128, PerChannel = true)", "FakeQuantize(QuantMin = -128, QuantMax = 127, Learned = true)",
        .. In(Flat, "FakeQuantize(Scale = 0.1, PerChannel = true)"),
        .. In(Sequence, "FakeQuantize(Scale = 0.1, Learned = true, PerChannel = true)"),
        .. In(Volume, "FakeQuantize(Scale = 0.1, PerChannel = true)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("QuantMin", 0), Property("QuantMax", 255), Initial("Scale", 1.0), Initial("ZeroPoint", 0), Property("PerChannel", false),
        Property("Learned", false), (least, most, scale, zero, perChannel, learned) =>
            new FakeQuantizeDefinition(least, most, scale, zero, perChannel, learned));
}

/// <summary>Numbers that integers of few bits can stand for.</summary>
/// <param name="Scale">The initial scale.</param>
/// <param name="ZeroPoint">The initial zero point.</param>
/// <param name="Learned">Whether the scale is trained.</param>
internal sealed record FakeQuantizeDefinition(
    Argument<int> QuantMin, Argument<int> QuantMax, Argument<double> Scale, Argument<int> ZeroPoint, Argument<bool> PerChannel,
    Argument<bool> Learned) : LayerDefinition
{
    private static readonly Variable X = new("x"), S = new("s"), Z = new("z");

    public override bool TakesManyAxes => !PerChannel.Value;

    public override IEnumerable<string> ParameterSuffixes => [RoundedRange.Scale, RoundedRange.ZeroPoint];

    public override LayerResult? Build(LayerContext layer)
    {
        int least = layer.InRange(FakeQuantize.LeastInteger, 0, QuantMin), most = layer.InRange(1, FakeQuantize.MostInteger, QuantMax);
        double scale = layer.Finite(Scale, 0, orEqual: false);
        int zero = layer.HasErrors ? ZeroPoint.Value : layer.InRange(least, most, ZeroPoint);
        return layer.HasErrors || layer.Input is not { } input
            ? null : new LayerResult(Function(input, least, most, scale, zero), input);
    }

    private ElementFunction Function(Shape input, int least, int most, double scale, int zero)
    {
        Expression rounded = Functions.Round(X / S), integer = rounded + Z;
        Expression Chosen(Expression inside, Expression below, Expression above) =>
            Select(integer < least, below, Select(integer > most, above, inside));

        // The zero point is added before the range is looked at, as it is where integers are computed. NaN is in the range, and stays NaN.
        Expression value = Chosen(integer - Z, least - (Expression)Z, most - (Expression)Z) * S;

        // Straight through: not the derivative of rounding, which is 0.
        Expression ofX = Chosen(ElementFunction.OutputGradient, 0, 0);
        long sharing = PerChannel.Value ? input.Length / input.Channels : input.Length;
        Expression ofScale = ElementFunction.OutputGradient * (1 / Math.Sqrt(sharing * (double)most))
            * Chosen(rounded - (X / S), least - (Expression)Z, most - (Expression)Z);
        var numbers = EquatableArray.Of(
            new ElementParameter(S, RoundedRange.Scale, scale, PerChannel.Value) { IsTrained = Learned.Value },
            new ElementParameter(Z, RoundedRange.ZeroPoint, zero, PerChannel.Value) { IsTrained = false });
        return new ElementFunction(value, EquatableArray.Of(new ElementInput(X, input)), numbers)
        {
            IsPart = true,
            Rounding = PerChannel.Value ? null : new RoundedRange(least, most),
            OwnGradients = EquatableArray.Of(new OwnGradient(X, ofX), new OwnGradient(S, ofScale), new OwnGradient(Z, 0)),
        };
    }
}
