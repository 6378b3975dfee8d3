using System.Globalization;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>Activations with arguments.</summary>
internal abstract record ActivationDefinition(string Kind) : LayerDefinition
{
    public override bool TakesManyAxes => true;

    public override LayerResult? Build(LayerContext layer)
    {
        Activation activation = Activation(layer);
        return layer.HasErrors || layer.Input is not { } input ? null : new LayerResult(activation, input);
    }

    /// <summary>Checks the arguments. The result is not used if one of them was reported.</summary>
    protected abstract Activation Activation(LayerContext layer);

    /// <summary>
    /// The activation's identifier, such as <c>LeakyReLU_0_2</c>. It contains the argument on which the gradient depends, because kernels
    /// need a helper method for each value. With the default value it is just <c>LeakyReLU</c>.
    /// </summary>
    protected string NameOf(double value, double standard) => value == standard
        ? Kind
        : Kind + "_" + value.ToString("R", CultureInfo.InvariantCulture).Replace('.', '_').Replace("-", "minus").Replace("+", "");
}
