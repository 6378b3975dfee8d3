using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Operators;
using Strata.Training;

namespace Strata.Compiler.Emission;

/// <summary>
/// The arguments with which an attribute would declare a layer that a network describes: those that differ from their defaults.
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="known">Its operator.</param>
/// <param name="parameters">The layer's parameters.</param>
internal sealed class DescribedArguments(LayerInfo layer, LayerOperator known, IEnumerable<ParameterInfo> parameters)
{
    /// <summary>Whether padding is computed. Then it cannot be written, too.</summary>
    private readonly bool _padsAutomatically = layer.Values.Any(value => value.Value is AutoPad and not AutoPad.None);

    /// <summary>The arguments that are written, in the order of the attribute. Names of other layers are not among them.</summary>
    public IEnumerable<(string Name, object? Value)> Written =>
        known.Arguments.Where(IsWritten).Select(spec => (spec.Name, ValueOf(spec)));

    /// <summary>The arguments of a loss. Those that all losses have are not among them.</summary>
    public static IEnumerable<(string Name, object? Value)> Of(LossInfo loss, LossOperator known) =>
        from spec in known.Arguments
        let value = spec.DescribedAs?.Kind switch
        {
            null => Find(loss.Values, spec),
            DescribedPartKind.Reduction => loss.Reduction,
            DescribedPartKind.IgnoredClass => loss.IgnoreIndex,
            var other => throw new InvalidOperationException($"{other} is nothing of a loss."),
        }
        where value is not null && !IsDefault(spec, value)
        select (spec.Name, value);

    private static object? Find(IReadOnlyList<ArgumentInfo> values, ArgumentSpec spec) =>
        values.FirstOrDefault(value => value.Name == spec.Name)?.Value;

    private bool IsWritten(ArgumentSpec spec) => spec.DescribedAs switch
    {
        { Kind: DescribedPartKind.Inputs } => false,
        { Kind: DescribedPartKind.Padding or DescribedPartKind.OutputPadding } when _padsAutomatically => false,

        // The argument of an axis has the value of the one for all axes, if it is left out. So has that of a side of it.
        { Axis: not null, IsAfter: null } part when HasSides(part.Kind) => false,
        { Axis: not null } part => NumberOf(part) != NumberOf(new DescribedPart(part.Kind)),
        _ => ValueOf(spec) is { } value && !IsDefault(spec, value),
    };

    private bool HasSides(DescribedPartKind kind) =>
        known.Arguments.Any(spec => spec.DescribedAs is { IsAfter: not null } part && part.Kind == kind);

    private static bool IsDefault(ArgumentSpec spec, object value) =>
        spec is { HasDefault: true, Form: not ArgumentForm.Required }
        && Equals(AttributeArgument.Create("", value).Value, AttributeArgument.Create("", spec.Default!).Value);

    /// <summary>The value of an argument; null if the layer has none.</summary>
    private object? ValueOf(ArgumentSpec spec) => spec.DescribedAs switch
    {
        null => Find(layer.Values, spec),
        { Kind: DescribedPartKind.Initializer } =>
            parameters.FirstOrDefault(parameter => parameter.Role == ParameterRole.Weight)?.Initializer,
        { } part => NumberOf(part),
    };

    private int NumberOf(DescribedPart part)
    {
        int axis = part.Axis ?? 0;
        if (part.Kind == DescribedPartKind.Extent)
        {
            return layer.OutputShape[axis + 1];
        }

        WindowInfo window = layer.Windows[axis];
        int padding = part.IsAfter == true ? window.PaddingAfter : window.PaddingBefore;
        return part.Kind switch
        {
            DescribedPartKind.Kernel => window.Kernel,
            DescribedPartKind.Stride => window.Stride,
            DescribedPartKind.Dilation => window.Dilation,
            DescribedPartKind.Padding => padding,
            DescribedPartKind.Crop => -padding,
            DescribedPartKind.OutputPadding => window.OutputPadding,
            _ => throw new InvalidOperationException($"{part.Kind} is no number of a window."),
        };
    }
}
