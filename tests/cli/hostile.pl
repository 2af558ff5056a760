#!/usr/bin/perl
# hostile.pl OPERATION IN.tar OUT.tar [ARGUMENTS] - a tar archive changed as an attacker would.
#
#	add NAME [KIND [LINKNAME]]	one more member before the end; KIND is tar's letter (0 file, 1 hard link, 2 link, 3 device, 5 folder, 6 pipe)
#	before NAME [KIND [LINKNAME]]	the same as the first member behind the top folder
#	put NAME FILE			a member's bytes replaced (or the member added)
#	drop NAME			a member taken out
#	noend				without the end mark: cut exactly between two members
#	half				cut in the middle of a member
#	tail BYTES			bytes behind the end
#	sum				a header's byte changed, its checksum not
use strict;
use warnings;

my ($op, $in, $out, @arg) = @ARGV;
open my $f, '<:raw', $in or die "$in: $!";
my $tar = do { local $/; <$f> };
my @member; # [name, kind, bytes, raw header]
for (my $at = 0; $at + 512 <= length $tar;) {
	my $h = substr $tar, $at, 512;
	last if $h =~ /^\0+$/;
	my ($size) = substr($h, 124, 12) =~ /([0-7]+)/;
	$size = oct $size;
	my ($name) = unpack 'Z100', $h;
	push @member, [$name, substr($h, 156, 1), substr($tar, $at + 512, $size), $h];
	$at += 512 + int(($size + 511) / 512) * 512;
}

sub header {
	my ($name, $kind, $size, $link) = @_;
	my $h = pack 'a100 a8 a8 a8 a12 a12 a8 a1 a100 a6 a2 a247', $name, '0000644', '0000000', '0000000',
	    sprintf('%011o', $size), '00000000000', '        ', $kind, $link // '', "ustar\0", '00', '';
	substr($h, 148, 8) = sprintf "%06o\0 ", unpack '%32C*', $h;
	return $h;
}
sub raw {
	my ($m) = @_;
	return ($m->[3] // header($m->[0], $m->[1], length $m->[2], $m->[4])) . $m->[2] . "\0" x (-length($m->[2]) % 512);
}

my $end = "\0" x 1024;
my $tail = '';
if ($op eq 'add' or $op eq 'before') {
	my $new = [$arg[0], $arg[1] // '0', ($arg[1] // '0') eq '0' ? "hostile\n" : '', undef, $arg[2]];
	$op eq 'add' ? push @member, $new : splice @member, 1, 0, $new;
} elsif ($op eq 'put') {
	open my $g, '<:raw', $arg[1] or die "$arg[1]: $!";
	my $bytes = do { local $/; <$g> } // '';
	my ($old) = grep { $_->[0] eq $arg[0] } @member;
	$old ? (@$old[2, 3] = ($bytes, undef)) : push @member, [$arg[0], '0', $bytes];
} elsif ($op eq 'drop') {
	die "no $arg[0]" unless grep { $_->[0] eq $arg[0] } @member;
	@member = grep { $_->[0] ne $arg[0] } @member;
} elsif ($op eq 'noend') {
	$end = '';
} elsif ($op eq 'tail') {
	$tail = $arg[0] . "\0" x (512 - length $arg[0]);
} elsif ($op eq 'sum') {
	substr($member[1][3], 1, 1) ^= "\1";
} elsif ($op ne 'half') {
	die "unknown operation $op";
}
my $all = join('', map { raw($_) } @member) . $end . $tail;
$all = substr $all, 0, length($all) / 2 if $op eq 'half';
open my $o, '>:raw', $out or die "$out: $!";
print $o $all;
close $o or die "$out: $!";
