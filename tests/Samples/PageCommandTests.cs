using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Strata.Samples.Tests;

/// <summary>Each command of each page is run, or a reason stands in <see cref="PageCommands"/>.</summary>
public sealed partial class PageCommandTests
{
    private static readonly string[] Programs =
    [
        "dotnet", "strata", "curl", "python3", "/usr/bin/python3", "docker", "kubectl", "apt", "mpirun", "cp", "cd", "bash", "git", "sbatch",
        "STRATA_ACCEPT=1", "npm", "pip", "served/Samples.Serve",
    ];

    [Fact]
    public void Each_command_of_a_page_has_someone_who_runs_it_or_a_reason()
    {
        (string, string)[] found =
        [
            .. from page in Pages.All
               from match in Blocks().Matches(page.Text)
               where match.Groups[1].Length == 0 || IsShell(match)
               let commands = Commands(match.Groups[2].Value)
               where commands.Any(IsCommand)
               from command in commands
               select (page.Path, command),
        ];
        Assert.True(found.Length > 40);
        Assert.Equal(found.Order(), PageCommands.All.Select(command => (command.Page, command.Text)).Order());
        Assert.All(PageCommands.All, command => Assert.Equal(command.Runner == Runner.Soak, command.Note.Length == 0));
    }

    [Fact]
    public void A_page_begins_a_command_with_a_program_that_this_test_knows()
    {
        string[] unknown =
        [
            .. from page in Pages.All
               from match in Blocks().Matches(page.Text)
               where IsShell(match)
               from command in Commands(match.Groups[2].Value)
               where !IsCommand(command)
               select $"{page.Path}: {command}",
        ];
        Assert.Empty(unknown);
    }

    private static bool IsShell(Match block) => block.Groups[1].Value is "sh" or "bash" or "shell" or "console";

    private static bool IsCommand(string command) => Programs.Contains(command.Split(' ', '\n')[0]);

    /// <summary>The lines of a block, each with what continues it.</summary>
    private static List<string> Commands(string block)
    {
        List<string> commands = [];
        string[] lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int indent = lines.Length == 0 ? 0 : lines.Min(line => line.Length - line.TrimStart().Length);
        foreach (string line in lines.Select(line => line[indent..]))
        {
            if (commands.Count > 0 && (commands[^1].EndsWith('|') || commands[^1].EndsWith('\\')))
            {
                commands[^1] += "\n" + line;
            }
            else
            {
                commands.Add(line);
            }
        }

        return commands;
    }

    /// <summary>All fenced blocks, so that no end of one is taken for the beginning of another.</summary>
    [GeneratedRegex(@"^ *```([a-z]*)[^\n]*\n(.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
