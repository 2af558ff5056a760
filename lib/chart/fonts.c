#include "chart/fonts.h"

#include <fontconfig/fontconfig.h>
#include <limits.h>
#include <pango/pangofc-fontmap.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/num.h"

/* In order of preference; DejaVu comes last, so that scripts Inter does not have still show. */
static const char *const inter[] = {
	"/usr/share/fonts/opentype/inter/Inter-Regular.otf",
	"/usr/share/fonts/opentype/inter/Inter-SemiBold.otf",
};
static const char *const dejavu[] = {
	"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
	"/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
};
/* What neither has: taken where it is installed (Debian: fonts-noto-cjk, fonts-wqy-zenhei). */
static const char *const more[] = {
	"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
};

struct fonts {
	FcConfig *config;
	PangoFontMap *map;
	PangoContext *context; /* for measuring: scale 1 */
	PangoLayout *layout;
	PangoContext *paint;   /* for showing through one cairo_t; NULL none yet */
	PangoLayout *paint_layout;
	char *name;
};

static bool
add_files(struct fonts *f, const char *const *path, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (access(path[i], R_OK) != 0 || !FcConfigAppFontAddFile(f->config, (const FcChar8 *)path[i]))
			return false;
	return true;
}

/* Appends "Inter 3.019"; fontconfig keeps the version as a 16.16 fixed point number. */
static void
add_name(struct sb *out, const FcPattern *font)
{
	FcChar8 *family = NULL;
	char number[NUM_TEXT];
	int version = 0;
	size_t n;

	if (FcPatternGetString(font, FC_FAMILY, 0, &family) != FcResultMatch)
		return;
	FcPatternGetInteger(font, FC_FONTVERSION, 0, &version);
	num_fixed(version / 65536.0, 3, number);
	/* Three decimals, as in "Version 3.019", but no zeros at the end: "2.37", "4". */
	for (n = strlen(number); number[n - 1] == '0'; n--)
		;
	sb_addf(out, "%s%s %.*s", out->n > 0 ? ", " : "", (const char *)family,
	    (int)(number[n - 1] == '.' ? n - 1 : n), number);
}

/* One entry a family: the first face of each, in the order the files were added. */
static char *
name_of(FcConfig *config)
{
	const FcFontSet *set = FcConfigGetFonts(config, FcSetApplication);
	struct sb out = {0};
	int i;

	for (i = 0; set != NULL && i < set->nfont; i += 2)
		add_name(&out, set->fonts[i]);
	return sb_take(&out);
}

static void
set_up(PangoContext *context)
{
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	pango_cairo_context_set_resolution(context, 72);
	pango_context_set_round_glyph_positions(context, FALSE);
	pango_context_set_language(context, pango_language_from_string("en"));
	pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
}

static void
set_text(PangoLayout *layout, struct sv text, double size, bool bold)
{
	PangoFontDescription *font = pango_font_description_new();
	PangoAttrList *attrs = pango_attr_list_new();
	struct sb clean = {0};

	clean_add(&clean, text);
	pango_font_description_set_family_static(font, "Inter, DejaVu Sans, Noto Sans CJK SC, WenQuanYi Zen Hei");
	pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_attr_list_insert(attrs, pango_attr_font_features_new("tnum=1"));
	pango_layout_set_font_description(layout, font);
	pango_layout_set_attributes(layout, attrs);
	pango_layout_set_single_paragraph_mode(layout, TRUE);
	pango_layout_set_text(layout, sb_str(&clean), clean.n > INT_MAX ? INT_MAX : (int)clean.n);
	pango_attr_list_unref(attrs);
	pango_font_description_free(font);
	sb_free(&clean);
}

struct fonts *
fonts_open(struct err *e)
{
	struct fonts *f = mem_new(1, sizeof(*f));
	bool has_inter, has_dejavu;

	f->config = FcConfigCreate();
	if (f->config == NULL)
		mem_out();
	has_inter = add_files(f, inter, 2);
	has_dejavu = add_files(f, dejavu, 2);
	if (!add_files(f, &more[0], 1))
		add_files(f, &more[1], 1);
	if (!has_inter && !has_dejavu) {
		err_set(e, ERR_SYS, "%s: no such font, nor its substitute %s: install the Debian package "
		    "fonts-inter or fonts-dejavu-core", inter[0], dejavu[0]);
		fonts_close(f);
		return NULL;
	}
	/*
	 * Else pango has fontconfig load the system's configuration in a thread: it would not be used, but it is read,
	 * caches are written for it, and complaints about it go to descriptor 2.
	 */
	FcConfigSetCurrent(f->config);
	f->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	if (f->map == NULL) {
		err_set(e, ERR_SYS, "cairo was built without FreeType fonts");
		fonts_close(f);
		return NULL;
	}
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(f->map), f->config);
	f->context = pango_font_map_create_context(f->map);
	set_up(f->context);
	f->layout = pango_layout_new(f->context);
	f->name = name_of(f->config);
	return f;
}

void
fonts_close(struct fonts *f)
{
	if (f == NULL)
		return;
	fonts_forget(f);
	if (f->layout != NULL)
		g_object_unref(f->layout);
	if (f->context != NULL)
		g_object_unref(f->context);
	if (f->map != NULL) {
		/* Pango 1.50 does not give its reference back by itself. */
		pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(f->map), NULL);
		g_object_unref(f->map);
	}
	FcConfigSetCurrent(NULL);
	FcConfigDestroy(f->config);
	mem_free(f->name);
	mem_free(f);
}

double
fonts_width(struct fonts *f, struct sv text, double size, bool bold)
{
	int w = 0;

	set_text(f->layout, text, size, bold);
	pango_layout_get_size(f->layout, &w, NULL);
	return (double)w / PANGO_SCALE;
}

const char *
fonts_name(const struct fonts *f)
{
	return f->name;
}

PangoLayout *
fonts_layout(struct fonts *f, cairo_t *cr, struct sv text, double size, bool bold)
{
	if (f->paint == NULL) {
		f->paint = pango_font_map_create_context(f->map);
		set_up(f->paint);
		pango_cairo_update_context(cr, f->paint);
		f->paint_layout = pango_layout_new(f->paint);
	}
	set_text(f->paint_layout, text, size, bold);
	return f->paint_layout;
}

void
fonts_forget(struct fonts *f)
{
	if (f->paint_layout != NULL)
		g_object_unref(f->paint_layout);
	if (f->paint != NULL)
		g_object_unref(f->paint);
	f->paint = NULL;
	f->paint_layout = NULL;
}
