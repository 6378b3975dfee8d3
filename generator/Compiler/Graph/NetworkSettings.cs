using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Graph;

/// <summary>
/// The options of <c>[Network]</c>. To add an option, add a property to the attribute, the same property here, and a line to
/// <see cref="With"/>. The declaration and the graph then carry it.
/// </summary>
internal sealed record NetworkSettings
{
    /// <summary>Whether the training program computes the gradient of the network's inputs.</summary>
    public bool InputGradient { get; init; }

    /// <summary>Whether instances can be asked for the layers' activations.</summary>
    public bool Observable { get; init; }

    /// <summary>How instances can keep the weights of dense layers besides as floats; floats if in no other way.</summary>
    public WeightStorage WeightStorage { get; init; }

    /// <summary>Whether inference multiplies integers where a layer reads rounded numbers.</summary>
    public bool Int8 { get; init; }

    /// <summary>Whether training measures the time of each layer.</summary>
    public bool Profile { get; init; }

    /// <summary>Whether backward computes cheap layers again instead of keeping their results.</summary>
    public bool Recompute { get; init; }

    /// <summary>Whether convolutions may use Winograd's algorithm. Its results differ in more than the last digits.</summary>
    public bool Winograd { get; init; } = true;

    /// <summary>The layout of the samples of a block in training.</summary>
    public TrainingLayout TrainingLayout { get; init; }

    /// <summary>Name of the first layer or block that is trained; null if all are.</summary>
    public string? FreezeUntil { get; init; }

    /// <summary>Reads the named arguments of the attribute. Options that they do not set keep their defaults.</summary>
    public static NetworkSettings Read(IEnumerable<KeyValuePair<string, object?>> arguments) =>
        arguments.Aggregate(new NetworkSettings(), (settings, argument) => settings.With(argument.Key, argument.Value));

    /// <summary>The named arguments that <see cref="Read"/> takes: those that differ from the defaults.</summary>
    public IEnumerable<KeyValuePair<string, object>> Arguments()
    {
        var defaults = new NetworkSettings();
        return typeof(NetworkSettings).GetProperties()
            .Where(option => option.CanWrite && !Equals(option.GetValue(this), option.GetValue(defaults)))
            .Select(option => new KeyValuePair<string, object>(option.Name, option.GetValue(this)));
    }

    /// <summary>Sets one option. A value of a wrong type is ignored, since the C# compiler has reported it.</summary>
    private NetworkSettings With(string option, object? value) => (option, value) switch
    {
        (nameof(InputGradient), bool on) => this with { InputGradient = on },
        (nameof(Observable), bool on) => this with { Observable = on },
        (nameof(WeightStorage), int storage) => this with { WeightStorage = (WeightStorage)storage },
        (nameof(Int8), bool on) => this with { Int8 = on },
        (nameof(Profile), bool on) => this with { Profile = on },
        (nameof(Recompute), bool on) => this with { Recompute = on },
        (nameof(Winograd), bool on) => this with { Winograd = on },
        (nameof(TrainingLayout), int layout) => this with { TrainingLayout = (TrainingLayout)layout },
        (nameof(FreezeUntil), string name) => this with { FreezeUntil = name },
        _ => this,
    };
}

/// <summary>The layout of the samples of a block in training. The order of values is that of the runtime's enum.</summary>
internal enum TrainingLayout
{
    /// <summary>The cost model chooses the layout that it expects to be faster.</summary>
    Automatic,

    /// <summary>A sample in each lane.</summary>
    SampleLanes,

    /// <summary>Samples one after the other, each in blocks of channels.</summary>
    Blocked,
}
