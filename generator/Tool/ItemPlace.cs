using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;

namespace Strata.Tool;

/// <summary>Where an item <c>OnnxModel</c> stands in a project, for errors that MSBuild reads.</summary>
internal static class ItemPlace
{
    /// <summary>Does something for an item. Warnings, and what goes wrong, are reported in MSBuild's form, at the item.</summary>
    /// <param name="project">The project.</param>
    /// <param name="item">What the item includes.</param>
    /// <param name="action">What is done. It gives warnings.</param>
    /// <exception cref="ToolException">It went wrong.</exception>
    public static void Report(string project, string item, Func<IEnumerable<string>> action)
    {
        try
        {
            foreach (string warning in action())
            {
                Console.Error.WriteLine($"{Find(project, item)}: warning STRATA102: {OneLine(warning)}");
            }
        }
        catch (Exception e) when (Program.IsForUsers(e))
        {
            throw new ToolException($"{Find(project, item)}: error STRATA101: {OneLine(e.Message)}");
        }
    }

    private static string OneLine(string message) =>
        string.Join(' ', message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary><c>App.csproj(12,5)</c>, or only the project if the item is not written there as it is.</summary>
    private static string Find(string project, string item)
    {
        try
        {
            IXmlLineInfo? found = XDocument.Load(project, LoadOptions.SetLineInfo).Descendants()
                .FirstOrDefault(element => element.Name.LocalName == "OnnxModel" && Includes(element, item));
            return found?.HasLineInfo() == true ? FormattableString.Invariant($"{project}({found.LineNumber},{found.LinePosition})")
                : project;
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            return project;
        }
    }

    private static bool Includes(XElement element, string item) =>
        element.Attribute("Include")?.Value.Split(';', StringSplitOptions.TrimEntries)
            .Any(include => include.Replace('\\', '/') == item.Replace('\\', '/')) == true;
}
