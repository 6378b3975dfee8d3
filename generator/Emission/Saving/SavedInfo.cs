using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Strata.CompilerServices;
using Strata.Training;

namespace Strata.Compiler.Emission;

/// <summary>The description of a network in a <see cref="ValueStream"/>.</summary>
internal static class SavedInfo
{
    private const string Integer = "integer", Number = "number", Truth = "truth", Text = "text", Numbers = "numbers";

    public static NetworkInfo Info(ValueStream s, NetworkInfo? x) => new(
        s.Text(x?.Name), s.Integers(x?.InputShape), s.Integers(x?.OutputShape), s.List(x?.Layers, Layer), s.List(x?.Parameters, Parameter),
        s.List(x?.Losses, Loss))
    {
        HasExternalLoss = s.Truth(x?.HasExternalLoss),
        Int8 = s.Truth(x?.Int8),
        Inputs = s.List(x?.Inputs, Tensor),
        Outputs = s.List(x?.Outputs, Tensor),
        InputNormalization = !s.Has(x?.InputNormalization) ? null
            : new InputNormalization(s.Numbers(x?.InputNormalization?.Means), s.Numbers(x?.InputNormalization?.Deviations)),
        Tiers = [.. s.Integers(x is null ? null : [.. x.Tiers.Cast<int>()]).Select(tier => (Isa)tier)],
        SampleCost = s.Long(x?.SampleCost),
    };

    private static TensorInfo Tensor(ValueStream s, TensorInfo? x) => new(s.Text(x?.Name), s.Integers(x?.Shape), s.Text(x?.Layer));

    private static LayerInfo Layer(ValueStream s, LayerInfo? x) => new(
        s.Text(x?.Name), s.Text(x?.Kind), s.Integers(x?.OutputShape), s.Text(x?.Formula), s.Integer(x?.ParameterCount),
        s.Long(x?.MultiplyAdds), s.Has(x?.ReceptiveField) ? s.Integers(x?.ReceptiveField) : null)
    {
        Arguments = s.Text(x?.Arguments),
        Values = s.List(x?.Values, Argument),
        Windows = s.List<WindowInfo>(x?.Windows, Window),
        Function = s.Text(x?.Function),
        Inputs = s.List(x?.Inputs, (stream, name) => stream.Text(name)),
        TrainingOnly = s.Truth(x?.TrainingOnly),
        Weights = s.Text(x?.Weights),
    };

    private static WindowInfo Window(ValueStream s, WindowInfo x) => new(
        s.Integer(x.Kernel), s.Integer(x.Stride), s.Integer(x.Dilation), s.Integer(x.PaddingBefore), s.Integer(x.PaddingAfter),
        s.Integer(x.OutputPadding));

    private static ParameterInfo Parameter(ValueStream s, ParameterInfo? x) => new(
        s.Text(x?.Key), s.Integers(x?.Shape), (Initializer)s.Integer((int?)x?.Initializer), s.Integer(x?.FanIn), s.Integer(x?.FanOut))
    {
        Role = (ParameterRole)s.Integer((int?)x?.Role),
        Layer = s.Text(x?.Layer),
        Frozen = s.Truth(x?.Frozen),
        Gain = s.Single(x?.Gain),
    };

    private static LossInfo Loss(ValueStream s, LossInfo? x) => new(
        s.Text(x?.Name), (TargetKind)s.Integer((int?)x?.Targets), (Reduction)s.Integer((int?)x?.Reduction),
        s.Has(x?.MeanWeights) ? s.List(x?.MeanWeights, (stream, weight) => stream.Single(weight)) : null)
    {
        TargetLength = s.Integer(x?.TargetLength),
        TargetOffset = s.Integer(x?.TargetOffset),
        Classes = s.Integer(x?.Classes),
        IgnoreIndex = s.Has(x?.IgnoreIndex) ? s.Integer(x?.IgnoreIndex) : null,
        Tensor = s.Text(x?.Tensor),
        Weight = s.Number(x?.Weight),
        OutputOffset = s.Has(x?.OutputOffset) ? s.Integer(x?.OutputOffset) : null,
        Values = s.List(x?.Values, Argument),
        Function = s.Text(x?.Function),
    };

    /// <summary>An argument of a layer or a loss, whose type is before its value.</summary>
    private static ArgumentInfo Argument(ValueStream s, ArgumentInfo? x)
    {
        string type = s.Text(x?.Value switch
        {
            int => Integer,
            double => Number,
            bool => Truth,
            string => Text,
            double[] => Numbers,
            Enum member => member.GetType().Name,
            null => null,
            var other => throw new NotSupportedException($"The argument {x.Name} is a {other.GetType()}."),
        });
        return new ArgumentInfo(s.Text(x?.Name), type switch
        {
            Integer => s.Integer((int?)x?.Value),
            Number => s.Number((double?)x?.Value),
            Truth => s.Truth((bool?)x?.Value),
            Text => s.Text((string?)x?.Value),
            Numbers => s.Numbers((double[]?)x?.Value),
            _ => RuntimeEnum.Member(
                    type, s.Integer(x?.Value is Enum member ? Convert.ToInt32(member, CultureInfo.InvariantCulture) : null))
                ?? throw new InvalidDataException($"an argument of the unknown type {type}"),
        });
    }
}
