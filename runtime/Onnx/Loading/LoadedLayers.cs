using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Operators;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Text;
using LayerWords = Strata.Onnx.Text.LayerWords;

namespace Strata.Onnx.Loading;

/// <summary>Adds the layers of a file to a builder: the attributes of the imported class, without blocks.</summary>
internal sealed class LoadedLayers
{
    private readonly NetworkBuilder _builder = new();
    private readonly NetworkText _text;
    private readonly Dictionary<string, string> _functions;

    private LoadedLayers(LayerGraph graph, string name)
    {
        _text = NetworkText.WithoutBlocks(ConcatChains.In(graph), name);
        _functions = graph.Functions.ToDictionary(
            function => function.Kind,
            function => _builder.Declare(Rounded(function.Formula), [ElementFormulas.X.Name], function.Kind));
    }

    /// <summary>A builder with a file's layers, and the parameters with their keys.</summary>
    public static LoadedNetwork Read(OnnxGraph graph, string name, OnnxImportOptions options)
    {
        var layers = new LoadedLayers(OnnxFile.LayersOf(graph, name, options), name);
        foreach (Item item in layers._text.Items)
        {
            layers.Add(item);
        }

        return new LoadedNetwork(
            layers._builder, [.. layers._text.Items.OfType<InputItem>().Select(input => input.Tensor)], layers._text.Keys)
        {
            HasDataFiles = graph.DataFiles.Count > 0,
        };
    }

    private void Add(Item item)
    {
        switch (item)
        {
            case InputItem input:
                _builder.Input(input.Tensor.Shape, Written(input.Name));
                break;

            case BranchItem:
                _builder.Append(nameof(Branch));
                break;

            case OutputItem output:
                _builder.Output(Written(output.Name), output.WritesFrom ? _text.Names[output.Tensor] : null);
                break;

            case LossItem loss:
                _builder.Append(loss.Kind, (CommonArguments.From.Name, NameOf(loss.From)));
                break;

            case UnitItem { Unit: LayerUnit unit } layer:
                Add(layer, unit.Layer);
                break;
        }
    }

    private void Add(UnitItem item, Layer layer)
    {
        var arguments = new List<(string Name, object? Value)>();
        if (OperatorSet.FindBuiltIn(layer.Kind) is LayerOperator known)
        {
            if (item.Joined.Count > 0)
            {
                arguments.Add((known.NamesArgument, item.Joined.Select(NameOf).ToArray()));
            }

            if (known.PartnerArgument is { } partner)
            {
                arguments.Add((partner, NameOf(layer.Inputs[1])));
            }
        }

        int place = 0;
        arguments.AddRange(layer.Arguments.Select(argument =>
            (argument.Name ?? LayerWords.PositionalName(layer.Kind, place++), (object?)argument.Value)));
        arguments.Add((CommonArguments.Name.Name, item.Name));
        arguments.Add((CommonArguments.From.Name, NameOf(item.From)));
        arguments.Add((CommonArguments.Weights.Name, NameOf(_text.Owners.GetValueOrDefault(layer))));
        arguments.Add((CommonArguments.Tied.Name, NameOf(layer.TiedTo)));
        if (_functions.TryGetValue(layer.Kind, out string? function))
        {
            _builder.Append(function, block: null, arguments);
        }
        else
        {
            _builder.Append(layer.Kind, arguments);
        }
    }

    private string? NameOf(LayerTensor? tensor) => tensor is null ? null : _text.Names[tensor];

    private static string? Written(string name) => name.Length == 0 ? null : name;

    /// <summary>A formula whose numbers are floats, as they are in the text of a class.</summary>
    private static Expression Rounded(Expression formula) => formula.Replace(
        part => part is Constant { Value: var value } && (float)value is var rounded && !rounded.Equals(value)
            ? new Constant(rounded) : null);
}
